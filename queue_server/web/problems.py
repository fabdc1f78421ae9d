"""What went wrong, as RFC 9457 tells it: status, title, detail, code, errors.

Raise `Problem` anywhere below the middleware; refusals of the rules and failures of the Desk
become problems here too. Sentences stand in `sentences`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import UNSET, Struct, UnsetType
from starlette.exceptions import HTTPException

from ..core.language import in_language
from ..core.refusals import Refusal
from ..order import KeyReused, Unavailable
from .sentences import OF_STATUS, SENTENCES, TITLES

REFUSALS: Mapping[str, int] = {
    "not_your_agency": 403,
    "not_your_zone": 403,
    "unknown_ticket": 404,
    "unknown_counter": 404,
    "unknown_service": 422,
    "unknown_priority": 422,
    "no_such_destination": 422,
    "unknown_reason": 422,
    "unknown_helper": 422,
    "unknown_agency": 422,
    "bad_quantity": 422,
    "bad_favour": 422,
    "unknown_operator": 422,
    "bad_message": 422,
    "personal_text": 422,
    "why_needed": 422,
    "bad_visit": 422,
    "unknown_application": 404,
    "reason_needed": 422,
    "personal_data": 422,
    "note_long": 422,
    "note_empty": 422,
    "bad_file": 422,
    "unknown_requirement": 422,
    "unknown_booking": 404,
    "no_such_session": 422,
    "phone_needed": 422,
    "bad_quota": 422,
    "reason_missing": 422,
}
"""Refusals that are no 409: who may not, what a path names, and what a body names."""
FIELDS: Mapping[str, str] = {
    "unknown_service": "service",
    "unknown_priority": "priority",
    "no_such_destination": "service",
    "unknown_reason": "reason",
    "unknown_helper": "helper",
    "unknown_agency": "agency",
    "bad_quantity": "delivered",
    "bad_favour": "favours",
    "unknown_operator": "operator",
    "bad_message": "text",
    "personal_text": "text",
    "why_needed": "reason",
    "bad_visit": "steps",
    "reason_needed": "note",
    "personal_data": "note",
    "note_long": "note",
    "note_empty": "note",
    "bad_file": "file",
    "unknown_requirement": "missing",
    "no_such_session": "start",
    "phone_needed": "phone",
}
"""The field of the body that such a refusal is about."""


class FieldError(Struct, frozen=True):
    """What is wrong with one field of a request."""

    field: str
    message: str


class ProblemBody(Struct, frozen=True):
    """The `application/problem+json` of every answer that is not a success."""

    status: int
    title: str
    detail: str
    code: str
    errors: tuple[FieldError, ...] | UnsetType = UNSET


class Problem(Exception):
    """An answer that is not a success. `details` fill the sentence's places."""

    def __init__(
        self,
        status: int,
        code: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **details: str | int,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.details = details

    def title(self, language: str) -> str:
        """What kind of problem it is."""
        return in_language(TITLES.get(self.status, TITLES[500]), language)

    def sentence(self, language: str) -> str:
        """What happened and what to do, for a person."""
        return in_language(SENTENCES[self.code], language).format(**self.details)

    def body(self, language: str) -> ProblemBody:
        """What is sent."""
        return ProblemBody(
            self.status, self.title(language), self.sentence(language), self.code,
            self.errors or UNSET,
        )  # fmt: skip


class Told(Problem):
    """What the rules or the Desk refuse, in their own words; `field` is what it is about."""

    def __init__(
        self,
        reason: Refusal | Unavailable,
        status: int,
        field: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, reason.code, headers=headers)
        self.reason = reason
        self.field = field

    def sentence(self, language: str) -> str:
        return self.reason.sentence(language)

    def body(self, language: str) -> ProblemBody:
        said = self.sentence(language)
        errors = (FieldError(self.field, said),) if self.field else UNSET
        return ProblemBody(self.status, self.title(language), said, self.code, errors)


def problem_of(error: Exception) -> Problem:
    """How an exception is answered; what nobody foresaw is a 500."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refusal):
        return Told(error, REFUSALS.get(error.code, 409), FIELDS.get(error.code, ""))
    if isinstance(error, Unavailable):
        return Told(error, 503, headers={"Retry-After": str(error.retry_after)})
    if isinstance(error, KeyReused):
        return Problem(422, "idempotency_key_reused")
    if isinstance(error, HTTPException):
        status = error.status_code if error.status_code in OF_STATUS else 400
        return Problem(status, OF_STATUS[status], headers=error.headers)
    return Problem(500, "server_error")
