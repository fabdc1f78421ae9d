"""The one template environment of each language: everything escaped, nothing undefined."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from starlette.requests import Request
from starlette.responses import HTMLResponse

from .assets import Assets
from .i18n import Calendar, Translations, clock_mark, plain, spans
from .visit import LANGUAGE_COOKIE, visit_of

YEAR = 365 * 24 * 3600


class Templates:
    """Renders pages and fragments. `zone` is the hall's IANA zone, `hall` its name."""

    def __init__(
        self,
        folders: Sequence[Path],
        assets: Assets,
        translations: Translations,
        *,
        zone: str,
        hall: str,
        sso: str = "",
    ) -> None:
        loader = FileSystemLoader(folders)
        shared = {
            "static": assets.url,
            "build": assets.build,
            "hall_name": hall,
            "sso": sso,
            "languages": translations.languages,
            "language_name": translations.name,
        }
        self._environments = {
            language: _environment(loader, translations, language, zone, shared)
            for language in translations.languages
        }

    def name(self, hall: str) -> None:
        """Call the hall so from the next page on."""
        for environment in self._environments.values():
            environment.globals["hall_name"] = hall

    def page(
        self,
        request: Request,
        name: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """A page in the request's language, which a `?lang=` also makes the browser's own."""
        visit = visit_of(request)
        template = self._environments[visit.language].get_template(name)
        content = _finished(name, template.render(
            identity=visit.identity,
            here=request.url.path,
            switch=lambda language: _switch(request, language),
            **values,
        ))  # fmt: skip
        response = HTMLResponse(content, status, headers=headers)
        response.headers["Content-Language"] = visit.language
        response.headers.add_vary_header("Accept-Language, Cookie")
        if visit.asked_language:
            response.set_cookie(
                LANGUAGE_COOKIE, visit.asked_language, max_age=YEAR, samesite="lax",
                httponly=True, secure=request.url.scheme == "https",
            )  # fmt: skip
        return response

    def fragment(self, name: str, language: str, **values: Any) -> str:
        """A part of a page as a live frame carries it."""
        return _finished(name, self._environments[language].get_template(name).render(**values))

    def of_source(self, source: str, language: str) -> Callable[..., str]:
        """What renders a hall's own template, which is no HTML. Raises TemplateError."""
        template = self._environments[language].from_string(source)
        return lambda **values: plain(template.render(**values))


def capitalized(text: str) -> str:
    """The first letter large, whatever marks it; the others as they are, unlike Jinja's."""
    return type(text)(re.sub(r"^\W*\w", lambda first: first[0].upper(), text, count=1))


def _finished(name: str, content: str) -> str:
    """What was left in Indonesian gets its language named, or at least loses its marks."""
    return spans(content) if name.endswith(".html") else plain(content)


class _Compiled(BytecodeCache):
    """Templates are compiled once, and not for each language again: they differ in what they call,
    not in what they are."""

    _kept: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled, unless the template has changed since (its checksum tells)."""
        known = self._kept.get(bucket.key)
        if known is not None:
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


def _environment(
    loader: FileSystemLoader,
    translations: Translations,
    language: str,
    zone: str,
    shared: Mapping[str, Any],
) -> Environment:
    """One per language, so that imported macros speak it too without being handed it."""
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        auto_reload=False,
        bytecode_cache=_Compiled(),
    )
    environment.filters["capitalize"] = capitalized
    calendar = Calendar(language, zone)
    words = translations.marking(language)
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    environment.globals.update(
        shared, lang=language, date=calendar.date, short_date=calendar.short_date,
        time=calendar.time, clock=calendar.clock, clock_mark=clock_mark(language),
    )  # fmt: skip
    return environment


def _switch(request: Request, language: str) -> str:
    """This page's address in another language."""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    return f"?{urlencode([*kept, ('lang', language)])}"
