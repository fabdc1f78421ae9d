"""The way over an MQTT broker: a retained message for each counter, and one that says whether this
server is there."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator

import aiomqtt

from .link import Gone
from .section import Panel, broker
from .showing import Showing

HERE, DEAD = b"hidup", b"mati"
"""What stands on the status topic: this server is there; it is not (the last will)."""
KEEPALIVE = 15
"""Seconds; after half as many more the broker gives a silent client up."""
PATIENCE = 5.0
"""Seconds that the broker has for an answer."""


class MqttLink:
    """A session with the broker."""

    def __init__(self, client: aiomqtt.Client, panel: Panel) -> None:
        self._client, self._panel = client, panel

    async def show(self, showing: Showing) -> None:
        topic = self._panel.topic(showing.counter)
        await self._publish(topic, self._panel.payload(showing))

    async def lost(self) -> None:
        try:
            async for _ in self._client.messages:
                pass  # nothing was subscribed to
        except aiomqtt.MqttError as error:
            raise Gone(_said(error)) from None

    async def say(self, status: bytes) -> None:
        """Whether this server is there. Raises Gone."""
        await self._publish(self._panel.status, status)

    async def _publish(self, topic: str, payload: bytes) -> None:
        try:
            await self._client.publish(topic, payload, qos=1, retain=True)
        except aiomqtt.MqttError as error:
            raise Gone(_said(error)) from None


@contextlib.asynccontextmanager
async def mqtt_link(panel: Panel) -> AsyncIterator[MqttLink]:
    """A session, its will left with the broker. Raises Gone."""
    # A new client for each session: one that is used again would send its old messages first.
    client = _client(panel)
    try:
        await client.__aenter__()
    except aiomqtt.MqttError as error:
        # The library leaves a socket behind that was refused, or never answered.
        client._client.disconnect()
        refused = isinstance(error, aiomqtt.MqttCodeError)
        raise Gone(_said(error), "refused" if refused else "offline") from None
    link = MqttLink(client, panel)
    try:
        await link.say(HERE)
        yield link
    except asyncio.CancelledError:
        # A will is for those who die without a word; this is a farewell.
        with contextlib.suppress(Gone, TimeoutError):
            async with asyncio.timeout(1):
                await link.say(DEAD)
        raise
    finally:
        with contextlib.suppress(aiomqtt.MqttError):
            await client.__aexit__(None, None, None)


def _client(panel: Panel) -> aiomqtt.Client:
    section, (host, port) = panel.section, broker(panel)
    try:
        tls = ssl.create_default_context(cafile=section.ca_file or None) if section.tls else None
    except OSError as error:
        raise Gone(f"{section.ca_file}: {error}") from None
    return aiomqtt.Client(
        host,
        port,
        # One of its own: whoever comes again under it ends the session that hangs, with its will.
        identifier=f"antrean-{panel.id}",
        username=section.user or None,
        password=section.secret or None,
        will=aiomqtt.Will(panel.status, DEAD, qos=1, retain=True),
        keepalive=KEEPALIVE,
        timeout=PATIENCE,
        tls_context=tls,
    )


def _said(error: Exception) -> str:
    cause = error.__cause__
    return str(error if cause is None else cause) or type(error).__name__
