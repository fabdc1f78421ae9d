"""The composition root: the one place that knows every part, and in which order they start."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

import citizens.routes
import citizens.topics
import counters.routes
import counters.topic
import displays.routes
import displays.topic

from . import announce, api, chores, web
from .catalogue import Catalogue, CatalogueError
from .clock import Clock, SystemClock
from .config import Config
from .core.events import Entry
from .core.model import Hall
from .desk import Desk
from .feed import Feed
from .folder import Folder
from .house import House
from .journal.sqlite import SqliteJournal
from .live.hub import Hub, Limits
from .live.protocol import LiveProtocol
from .live.route import LiveRoute
from .speech.engine import SpeechConfig, find_engine, why_none
from .speech.voice import Voice

log = logging.getLogger(__name__)

BACKLOG = 4096
"""Connections that may wait to be accepted: a hall full of phones comes back at once."""
