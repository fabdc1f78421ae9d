"""Reads scripts and style sheets as Chrome 53 (webOS 4, Tizen 4) would have to.

Lists of what is allowed, not of what is forbidden: something new is refused until somebody has
looked up its age.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import tinycss2
import tree_sitter
import tree_sitter_javascript


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ES5 = _words(
    """
    program comment statement_block expression_statement empty_statement
    variable_declaration variable_declarator function_declaration function_expression
    formal_parameters arguments return_statement if_statement else_clause for_statement
    for_in_statement while_statement do_statement break_statement continue_statement
    try_statement catch_clause finally_clause throw_statement switch_statement switch_body
    switch_case switch_default assignment_expression augmented_assignment_expression
    binary_expression unary_expression update_expression ternary_expression call_expression
    new_expression member_expression subscript_expression sequence_expression
    parenthesized_expression identifier property_identifier this null true false undefined
    number string string_fragment escape_sequence regex regex_pattern regex_flags object pair array
    """
)
SIGNS = _words(
    """
    ! != !== " ' % %= & && &= ( ) * *= + ++ += , - -- -= . / /= : ; < << <= = == === > >= >> >>>
    ? [ ] ^ { | || } ~ break case catch continue default delete do else finally for function if
    in instanceof new return switch throw try typeof var void while
    """
)
YOUNG_METHODS = _words(
    """
    append prepend before after replaceWith replaceChildren toggleAttribute padStart padEnd
    matchAll replaceAll trimStart trimEnd at flat flatMap findLast entries values fromEntries
    getOwnPropertyDescriptors hasOwn finally allSettled any withResolvers formatToParts
    randomUUID checkVisibility requestSubmit showModal setHTML composedPath
    """
)
YOUNG_NAMES = _words(
    """
    AbortController AbortSignal ResizeObserver IntersectionObserver BroadcastChannel
    queueMicrotask structuredClone globalThis BigInt WeakRef
    """
)
"""Younger than Chrome 53; `navigator.wakeLock` is asked for before it is used."""

PROPERTIES = _words(
    """
    align-content align-items align-self animation background border border-bottom border-collapse
    border-color border-left border-radius border-right border-top bottom box-sizing clear clip
    color content cursor display flex flex-direction flex-shrink flex-wrap float font
    font-display font-family font-size font-variant-numeric font-weight height justify-content
    left letter-spacing line-height list-style margin margin-bottom margin-left margin-right
    margin-top max-height max-width min-height min-width object-fit opacity order outline
    outline-offset overflow padding padding-bottom padding-left padding-right padding-top position
    right src text-align text-overflow top transform transition vertical-align visibility
    white-space width z-index -webkit-box-orient -webkit-line-clamp
    """
)
FUNCTIONS = frozenset({"var", "calc", "rect", "rgba", "url", "format", "translateX", "translateY"})
PSEUDO = _words("before after root focus hover first-child last-child nth-child")
AT_RULES = frozenset({"media", "font-face", "keyframes"})
MEDIA = _words(
    "min-aspect-ratio max-aspect-ratio max-width min-width prefers-reduced-motion reduce and"
)
UNITS = _words("px rem em vw vh s ms")
DISPLAYS = _words("none block inline-block flex table-cell -webkit-box")


NUMBER = re.compile(r"0[xX][\da-fA-F]+|[\d.]+([eE][+-]?\d+)?")


def too_young_for_es5(script: str) -> Iterator[str]:
    """What an ES5 engine with Chrome 53's library would stumble over: "line: what"."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_javascript.language()))
    nodes = [parser.parse(script.encode()).root_node]
    while nodes:
        node = nodes.pop()
        nodes += node.children
        text = (node.text or b"").decode()
        if reason := _young_node(node, text):
            yield f"{node.start_point[0] + 1}: {reason}"


def _young_node(node: tree_sitter.Node, text: str) -> str:
    if node.is_error or node.is_missing:
        return f"not readable: {text[:40]}"
    if node.type not in (ES5 if node.is_named else SIGNS):
        return f"{node.type}: {text[:40]}"
    if text in (YOUNG_METHODS if _is_called(node) else YOUNG_NAMES):
        return f"{text} is younger than Chrome 53"
    if node.type == "number" and not re.fullmatch(
        r"(0[xX][\da-fA-F]+|[\d.]+([eE][+-]?\d+)?)", text
    ):
        return f"number {text}"
    if node.type == "regex_flags" and set(text) - set("gim"):
        return f"flags {text}"
    if node.type == "regex_pattern" and re.search(r"\(\?<|\\p\{", text):
        return f"pattern {text}"
    return _young_shape(node, text)


def _is_called(node: tree_sitter.Node) -> bool:
    """The name of a method that is called here."""
    owner = node.parent
    if node.type != "property_identifier" or owner is None or owner.parent is None:
        return False
    return owner.type == "member_expression" and owner.parent.type == "call_expression"


def _young_shape(node: tree_sitter.Node, text: str) -> str:
    """What only the children's arrangement tells."""
    kinds = [child.type for child in node.children]
    if node.type in ("arguments", "formal_parameters") and kinds[-2:] == [",", ")"]:
        return f"comma at the end of {text[:40]}"
    if node.type == "catch_clause" and "(" not in kinds:
        return "catch without a name"
    if node.type == "for_in_statement" and "of" in kinds:
        return "for of"
    return ""


def too_young_css(sheet: str) -> Iterator[str]:
    """What Chrome 53 would not understand of a style sheet."""
    if sheet.count("{") != sheet.count("}"):
        yield "a block is not closed"
    yield from _rules(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True))


def _rules(rules: list[tinycss2.ast.Node], keyframes: bool = False) -> Iterator[str]:
    for rule in rules:
        if rule.type == "at-rule":
            yield from _at_rule(rule)
        elif rule.type == "qualified-rule":
            if not keyframes:
                yield from _selector(rule.prelude)
            yield from _declarations(rule.content)
        else:
            yield f"{rule.source_line}: {rule.type}"


def _at_rule(rule: tinycss2.ast.AtRule) -> Iterator[str]:
    where = f"{rule.source_line}: @{rule.at_keyword}"
    if rule.at_keyword not in AT_RULES:
        yield where
    elif rule.at_keyword == "font-face":
        yield from _declarations(rule.content)
    else:
        if rule.at_keyword == "media":
            yield from (f"{where} {word}" for word in _media(rule.prelude))
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        yield from _rules(inner, rule.at_keyword == "keyframes")


def _media(prelude: list[tinycss2.ast.Node]) -> Iterator[str]:
    for token in _flat(prelude):
        if token.type == "ident" and token.value not in MEDIA:
            yield token.value
        if token.type == "literal" and token.value in "<>=":
            yield token.value


def _selector(prelude: list[tinycss2.ast.Node]) -> Iterator[str]:
    tokens = list(_flat(prelude))
    for before, token in zip([None, *tokens], tokens, strict=False):
        after_colon = before is not None and before.type == "literal" and before.value == ":"
        name = token.value if token.type == "ident" else getattr(token, "name", "")
        if token.type == "function" and name not in PSEUDO:
            yield f"{token.source_line}: :{name}()"
        elif after_colon and token.type == "ident" and name not in PSEUDO:
            yield f"{token.source_line}: :{name}"
        elif token.type == "literal" and token.value == "&":
            yield f"{token.source_line}: nesting"


def _declarations(content: list[tinycss2.ast.Node]) -> Iterator[str]:
    for found in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if found.type != "declaration":
            yield f"{found.source_line}: {found.type} inside a rule"
        else:
            yield from _declaration(found)


def _declaration(found: tinycss2.ast.Declaration) -> Iterator[str]:
    where = f"{found.source_line}: {found.name}"
    if not found.name.startswith("--") and found.lower_name not in PROPERTIES:
        yield where
    for token in _flat(found.value):
        if reason := _value(found.lower_name, token):
            yield f"{where}: {reason}"


def _value(name: str, token: tinycss2.ast.Node) -> str:
    if token.type == "function" and token.lower_name not in {f.lower() for f in FUNCTIONS}:
        return f"{token.name}()"
    if token.type == "hash" and len(token.value) in (4, 8):
        return f"#{token.value}"
    if token.type == "dimension" and token.lower_unit not in (
        "px",
        "rem",
        "em",
        "vw",
        "vh",
        "s",
        "ms",
    ):
        return token.unit
    if token.type == "ident" and name == "display" and token.value not in DISPLAYS:
        return str(token.value)
    if token.type == "ident" and token.value in ("sticky", "clip", "space-evenly", "fit-content"):
        return str(token.value)
    return ""


def _flat(tokens: list[tinycss2.ast.Node]) -> Iterator[tinycss2.ast.Node]:
    for token in tokens:
        yield token
        if token.type == "function":
            yield from _flat(token.arguments)
        elif token.type.endswith("block"):
            yield from _flat(token.content)
