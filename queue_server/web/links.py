"""Who may sign in with a provider's account: by the provider and its own name for somebody (the
subject), never by what somebody is called."""

from __future__ import annotations

from ..store import Store
from .problems import Problem


class Links:
    """The office's links, in the office's file."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._of: dict[tuple[str, str], int] = {}

    async def load(self) -> None:
        """What the file has."""
        sql = "SELECT issuer, subject, user FROM links"
        for issuer, subject, user in await self._store.read(sql):
            self._of[issuer, subject] = user

    def user(self, issuer: str, subject: str) -> int:
        """The user behind a subject; 0: nobody."""
        return self._of.get((issuer, subject), 0)

    def issuers(self, user: int) -> list[str]:
        """The providers with which a user may sign in."""
        return sorted(issuer for (issuer, _), of in self._of.items() if of == user)

    async def add(self, user: int, issuer: str, subject: str, at: int) -> None:
        """That subject is this user, and no other of the provider's is. Raises Problem 409
        `subject_taken`: it is somebody else already."""
        if self.user(issuer, subject) not in (0, user):
            raise Problem(409, "subject_taken")
        await self._store.write(
            ("DELETE FROM links WHERE issuer = ? AND user = ?", (issuer, user)),
            ("INSERT INTO links VALUES (?, ?, ?, ?)", (issuer, subject, user, at)),
        )
        self.forget(user, issuer)
        self._of[issuer, subject] = user

    async def remove(self, user: int, issuer: str) -> None:
        """A provider's sign-in opens this user no more."""
        sql = "DELETE FROM links WHERE issuer = ? AND user = ?"
        await self._store.write((sql, (issuer, user)))
        self.forget(user, issuer)

    def forget(self, user: int, issuer: str = "") -> None:
        """A user's links (with one provider), once the file has none."""
        self._of = {
            link: of for link, of in self._of.items() if of != user or issuer not in ("", link[0])
        }
