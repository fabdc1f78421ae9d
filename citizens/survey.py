"""The questionnaire as it is shown: pure views, and a form read back."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from queue_server.catalogue import Catalogue
from queue_server.core.model import Hall, Ticket
from queue_server.survey.ballots import Visit
from queue_server.survey.elements import ELEMENTS, QUESTIONNAIRE, TRAITS
from queue_server.survey.words import LONGEST, personal, tidy

TEXTS = ("suggestion", "complaint")
ABOUT = len(QUESTIONNAIRE)
"""The step after the questions: about the respondent."""


class Option(Struct, frozen=True):
    """One answer: its field's value and its words."""

    value: str
    label: str
    chosen: bool


class Question(Struct, frozen=True):
    """A question with its answers, worst first. `number` counts from 1."""

    code: str
    number: int
    name: str
    text: str
    options: tuple[Option, ...]


class Answers(Struct, frozen=True):
    """What a form said. `faults` maps a field to what is wrong: nik, phone, mail; none: empty."""

    scores: dict[str, int]
    traits: dict[str, str]
    texts: dict[str, str]
    faults: dict[str, str]


class Form(Struct, frozen=True):
    """The whole questionnaire of a visit. `number` is its ticket's."""

    number: str
    service: str
    counter: str
    questions: tuple[Question, ...]
    traits: tuple[Question, ...]
    texts: dict[str, str]
    faults: dict[str, str]
    longest: int = LONGEST


class Step(Struct, frozen=True):
    """One screen of the questionnaire at a kiosk or tablet; `question` None: about yourself.

    `kept` are the fields of the steps before.
    """

    at: int
    count: int
    number: str
    service: str
    question: Question | None
    traits: tuple[Question, ...]
    kept: dict[str, str]
    texts: dict[str, str]
    faults: dict[str, str]
    longest: int = LONGEST


class Offer(Struct, frozen=True):
    """The phone page's invitation. `given`: it was accepted already."""

    href: str
    given: bool


def read(fields: Mapping[str, str]) -> Answers:
    """What a form says; values that no page offers are no answers."""
    scores = {
        code: int(fields[code]) for code in ELEMENTS if fields.get(code) in ("1", "2", "3", "4")
    }
    traits = {
        code: fields[code]
        for code, trait in TRAITS.items()
        if fields.get(code) in {choice.code for choice in trait.choices}
    }
    texts = {name: tidy(fields.get(name, "")) for name in TEXTS}
    faults = {name: personal(text) for name, text in texts.items() if personal(text)}
    return Answers(scores, traits, texts, faults)


def visit_of(catalogue: Catalogue, ticket: Ticket) -> Visit:
    """What an answer may know of a visit."""
    service = catalogue.named.services.get(ticket.service)
    return Visit(ticket.service, service.agency if service else "", ticket.counter)


def form(hall: Hall, catalogue: Catalogue, ticket: Ticket, answers: Answers, language: str) -> Form:
    """The questionnaire on one page."""
    counter = catalogue.named.counters.get(ticket.counter)
    return Form(
        number=ticket.number,
        service=service_name(catalogue, ticket, language),
        counter=counter.name.of(language) if counter else hall.place(ticket.counter).name,
        questions=tuple(
            _question(code, at + 1, answers, language) for at, code in enumerate(QUESTIONNAIRE)
        ),
        traits=_traits(answers, language),
        texts=answers.texts,
        faults=answers.faults,
    )


def step(
    catalogue: Catalogue, ticket: Ticket, at: int, answers: Answers, language: str
) -> Step:  # fmt: skip
    """The questionnaire's screen number `at`, from 0."""
    at = max(0, min(at, ABOUT))
    code = QUESTIONNAIRE[at] if at < ABOUT else ""
    kept = {name: str(score) for name, score in answers.scores.items() if name != code}
    return Step(
        at=at,
        count=len(QUESTIONNAIRE),
        number=ticket.number,
        service=service_name(catalogue, ticket, language),
        question=_question(code, at + 1, answers, language) if code else None,
        traits=() if code else _traits(answers, language),
        kept=kept | answers.traits if code else kept,
        texts=answers.texts,
        faults=answers.faults,
    )


def service_name(catalogue: Catalogue, ticket: Ticket, language: str) -> str:
    """The visit's service in words."""
    service = catalogue.named.services.get(ticket.service)
    return service.name.of(language) if service else ticket.service


def _question(code: str, number: int, answers: Answers, language: str) -> Question:
    element = ELEMENTS[code]
    options = tuple(
        Option(str(score), answer.of(language), answers.scores.get(code) == score)
        for score, answer in enumerate(element.answers, 1)
    )
    text = element.question.of(language)
    return Question(code, number, element.name.of(language), text, options)


def _traits(answers: Answers, language: str) -> tuple[Question, ...]:
    return tuple(
        Question(
            code, number, trait.name.of(language), "",
            tuple(
                Option(one.code, one.label.of(language), answers.traits.get(code) == one.code)
                for one in trait.choices
            ),
        )
        for number, (code, trait) in enumerate(TRAITS.items(), 1)
    )  # fmt: skip
