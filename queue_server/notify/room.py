"""The room put together: the outbox, its couriers, the contacts, and who follows the journal."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2

from ..catalogue import Catalogue
from ..clock import Clock
from ..config import Config
from ..core.events import Entry
from ..core.model import Hall
from ..order import Unavailable
from ..store import Store
from . import contacts as people
from . import outbox as box
from .contacts import Contacts
from .courier import Courier
from .follower import Cursor, Follower, Queued, Truth
from .keys import kept
from .kinds import TO_HOLDER, Teller, still_true
from .messages import Channel, Message, matches
from .outbox import Outbox
from .push import PushChannel, new_vapid
from .reminders import Rule
from .webhooks import WebhookChannel

log = logging.getLogger(__name__)

SWEEP = 60.0
"""Seconds between two looks for contacts whose time has come."""
TIMEOUT = httpx2.Timeout(10.0, connect=5.0)

Client = Callable[[], httpx2.AsyncClient]


@dataclass(slots=True, eq=False)
class Notify:
    """What `house.rooms.notify` offers."""

    outbox: Outbox
    contacts: Contacts
    rule: Rule
    webhooks: tuple[WebhookChannel, ...]
    push: PushChannel | None
    clock: Clock
    asks: bool = True
    """Contacts are asked for at all."""
    couriers: dict[str, Courier] = field(default_factory=dict)
    """By the channel's id."""
    make: Callable[[Config], tuple[WebhookChannel, ...]] | None = None
    """A configuration's webhooks as channels."""
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    hall: Callable[[], Hall] | None = None
    """The durable hall, once the journal is followed."""
    follower: Follower | None = None

    async def configure(self, config: Config) -> None:
        """Follow settings that have changed: when holders are reminded, whether contacts are
        asked for, and who is told outside. What waits for an endpoint that is set otherwise goes
        to its new address; what waits for one that is gone is a dead letter."""
        self.rule, self.asks = rule_of(config), config.phone.contacts
        if self.follower is not None:
            self.follower.rule = self.rule
        assert self.make is not None, "opened"
        before, made = {one.id: one for one in self.webhooks}, self.make(config)
        self.webhooks = tuple(
            old if (old := before.get(one.id)) is not None and old.section == one.section else one
            for one in made
        )
        await self.carry()
        await self.outbox.bury([channel.id for channel in self._channels()], self.clock.now())

    async def carry(self) -> None:
        """A courier for each channel, and none else; who stays as it was goes on."""
        channels = {channel.id: channel for channel in self._channels()}
        gone = [id for id, one in self.couriers.items() if channels.get(id) is not one.channel]
        stopped = [self.tasks.pop(id) for id in gone]
        for task in stopped:
            task.cancel()
        await asyncio.gather(*stopped, return_exceptions=True)
        for id in gone:
            del self.couriers[id]
        for id, channel in channels.items():
            if id not in self.couriers:
                courier = self.couriers[id] = Courier(channel, self.outbox, self.clock)
                self.tasks[id] = asyncio.create_task(courier.run(), name=id)

    async def stop(self) -> None:
        """No courier carries any more; what waits is in the outbox."""
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)

    @property
    def writes(self) -> bool:
        """Whether a telephone number or an e-mail address would be of any use."""
        told = [hook for hook in self.webhooks for kind in TO_HOLDER if matches(hook.kinds, kind)]
        return self.asks and bool(told)

    async def emit(
        self, kind: str, data: dict[str, Any], *, subject: str = "", id: str = ""
    ) -> str:
        """Queue a message durably for every endpoint that wants its kind; its id.

        `data` holds no personal data. `subject` (`contacts.subject_of`) adds the contact of its
        holder, where there is one, when it is sent. `id`: a stable one makes a repetition
        harmless. Raises Unavailable.
        """
        message = Message(id or secrets.token_hex(16), kind, self.clock.now(), data, subject)
        channels = self._route(message)
        if channels:
            await self._queue([(message, channels)], None)
        return message.id

    async def test(self, channel: str) -> None:
        """Send a `test` message to one endpoint, whatever kinds it wants. Raises Unavailable."""
        data = {"about": "a test, sent by hand"}
        message = Message(secrets.token_hex(16), "test", self.clock.now(), data)
        await self._queue([(message, [channel])], None)

    async def retry(self, channel: str, seq: int = 0) -> None:
        """Queue a channel's dead letters again: one, or all. Raises Unavailable."""
        await self.outbox.revive(channel, self.clock.now(), seq)
        self._wake()

    @contextlib.asynccontextmanager
    async def following(
        self, truth: Truth, catalogue: Callable[[], Catalogue], url: str
    ) -> AsyncIterator[None]:
        """Follow a journal while the block runs. `url`: what phones reach, without a slash."""
        self.hall = lambda: truth.hall
        follower = self.follower = Follower(
            truth, Teller(catalogue, url), self.rule, self.contacts,
            followed=await self.outbox.followed(), route=self._route, cares=self._cares,
            queue=self._queue, now=self.clock.now,
        )  # fmt: skip
        async with running(follower.run()):
            yield
        self.follower = None
        with contextlib.suppress(Unavailable):  # then the same entries are followed again
            await follower.save()

    def heard(self, hall: Hall, entries: Sequence[Entry]) -> None:
        """A commit: told by the Desk, after the screens."""
        if self.follower is not None:
            self.follower.hear(entries)

    def current(self, message: Message) -> bool:
        """Whether a message to a ticket's holder is still of use."""
        return self.hall is None or still_true(self.hall(), message)

    async def contact(self, message: Message) -> dict[str, str]:
        """The contact that goes with a message."""
        if not message.subject or not self.current(message):
            return {}
        found = await self.contacts.of(message.subject)
        return {kind: value for kind, value in found.items() if kind != "push"}

    async def keep_house(self) -> None:
        """Contacts and the log end in time, for ever."""
        while True:
            try:
                now = self.clock.now()
                await self.contacts.sweep(now)
                await self.outbox.forget_old(now)
            except Exception:
                # A disk that is full now: the next look finds the same.
                log.exception("contacts could not be deleted")
            await asyncio.sleep(SWEEP)

    def _channels(self) -> list[Channel]:
        return [*self.webhooks, *([self.push] if self.push else [])]

    def _route(self, message: Message) -> list[str]:
        return [channel.id for channel in self._channels() if channel.wants(message)]

    def _cares(self, kind: str) -> bool:
        return any(matches(channel.kinds, kind) for channel in self._channels())

    async def _queue(self, queued: Sequence[Queued], followed: Cursor | None) -> None:
        await self.outbox.put(queued, self.clock.now(), followed)
        self._wake()

    def _wake(self) -> None:
        for courier in self.couriers.values():
            courier.wake()


@contextlib.asynccontextmanager
async def open_notify(
    config: Config, folder: Path, clock: Clock, client: Client | None = None
) -> AsyncIterator[Notify]:
    """The room in a data folder; what waits in its outbox is under way at once.

    Raises sqlite3.Error, ValueError, OSError.
    """
    store = Store(folder / "notify.db", box.STEPS)
    private = Store(folder / "contacts.db", people.STEPS, private=True)
    async with contextlib.AsyncExitStack() as stack:
        for file in (store, private):
            await file.open()
            stack.push_async_callback(file.close)
        key = kept(folder / "contacts.key", lambda: secrets.token_bytes(people.KEY))
        contacts = Contacts(private, key)
        await contacts.load()
        web = await stack.enter_async_context((client or _client)())
        notify = Notify(Outbox(store), contacts, rule_of(config), (), None, clock)
        notify.asks = config.phone.contacts
        _add_channels(notify, config, folder, web)
        channels = notify._channels()
        await notify.outbox.bury([channel.id for channel in channels], clock.now())
        await stack.enter_async_context(running(notify.keep_house()))
        stack.push_async_callback(notify.stop)
        await notify.carry()
        yield notify


@contextlib.asynccontextmanager
async def running(work: Any) -> AsyncIterator[None]:
    """Run a coroutine beside the block; it is cancelled at its end."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def rule_of(config: Config) -> Rule:
    """When holders are reminded."""
    phone = config.phone
    walk = {id: one.walk_minutes for id, one in config.zones.items() if one.walk_minutes >= 0}
    after = phone.contact_hours * 3_600_000
    return Rule(phone.remind_at, walk, phone.walk_minutes, phone.travel_minutes, after)


def _add_channels(notify: Notify, config: Config, folder: Path, web: httpx2.AsyncClient) -> None:
    zone = ZoneInfo(config.hall.timezone)

    def make(config: Config) -> tuple[WebhookChannel, ...]:
        return tuple(
            WebhookChannel(id, section, web, notify.contact, zone)
            for id, section in config.webhooks.items()
        )

    notify.make, notify.webhooks = make, make(config)
    secure = config.server.url.startswith("https://")
    if config.push.enabled and config.phone.contacts and secure:
        vapid = kept(folder / "vapid.pem", new_vapid)
        sender = config.push.contact or config.server.url
        notify.push = PushChannel(vapid, sender, notify.contacts, web, notify.current)


def _client() -> httpx2.AsyncClient:
    return httpx2.AsyncClient(timeout=TIMEOUT, follow_redirects=False, verify=_authorities())


@lru_cache(maxsize=1)
def _authorities() -> ssl.SSLContext:
    """Whom certificates are believed of: read once, for that takes a tenth of a second."""
    return httpx2.create_ssl_context()
