"""One system call for many sockets: the same bytes to all of them, by Linux's io_uring.

Sending one frame to thousands of phones is thousands of system calls, and they are most of what a
call costs (bench/). A ring takes them all at once. It is an option: containers often forbid it and
other systems have none; then `open_batch` gives None and the transports write one by one.

Written against io_uring's interface as of Linux 5.11 (`man 7 io_uring`, <linux/io_uring.h>): no
feature beyond it. Nothing is in flight after `send` returns: each request is complete or refused at
once (MSG_DONTWAIT), so buffers can be used again, and a socket may be closed.
"""

from __future__ import annotations

import ctypes
import errno
import logging
import mmap
import os
import socket
import sys
from array import array
from collections.abc import Sequence
from contextlib import suppress

log = logging.getLogger(__name__)

SIZE = 256
"""Sockets of one system call; a power of two."""
LONGEST = 65_536
"""Bytes of a message; a longer one is not for many."""

_SETUP, _ENTER = 425, 426  # the same numbers on every architecture that Linux has had them on
_SEND = 26
_GETEVENTS = 1
_SQ_RING, _CQ_RING, _SQES = 0, 0x8000000, 0x10000000
_SQE, _OPCODE, _DESCRIPTOR, _ADDRESS, _LENGTH, _FLAGS, _USER_DATA = 16, 0, 1, 4, 6, 7, 8
"""A request's size and the places of its fields, in words of four bytes (little-endian)."""
_CQE, _RESULT = 4, 2
"""The same of a completion; its first word is the request's user data."""
_WRAP = 0xFFFFFFFF


class _SqOffsets(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_uint32)
        for name in ("head", "tail", "mask", "entries", "flags", "dropped", "array", "resv")
    ] + [("user_addr", ctypes.c_uint64)]  # fmt: skip


class _CqOffsets(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_uint32)
        for name in ("head", "tail", "mask", "entries", "overflow", "cqes", "flags", "resv")
    ] + [("user_addr", ctypes.c_uint64)]  # fmt: skip


class _Params(ctypes.Structure):
    _fields_ = [
        *(
            (name, ctypes.c_uint32)
            for name in (
                "sq_entries", "cq_entries", "flags", "sq_thread_cpu", "sq_thread_idle", "features",
                "wq_fd", "resv0", "resv1", "resv2",
            )
        ),
        ("sq", _SqOffsets),
        ("cq", _CqOffsets),
    ]  # fmt: skip


class Batch:
    """A ring of `SIZE` sends. Raises OSError where the system has none, or forbids it."""

    def __init__(self) -> None:
        self._system = ctypes.CDLL(None, use_errno=True).syscall
        self._system.restype = ctypes.c_long
        params = _Params()
        self._ring = self._call(_SETUP, SIZE, ctypes.byref(params))
        self._length = 0
        try:
            self._map(params)
        except BaseException:
            os.close(self._ring)
            raise
        self._prepare()

    def send(self, sockets: Sequence[int], data: bytes) -> list[tuple[int, int]]:
        """Send to each descriptor. Who did not take all, by place in `sockets`: with the bytes
        that it took, or the negative errno; nobody, most often.

        At most SIZE sockets, at most LONGEST bytes. Raises OSError: nothing was sent, and the
        ring is of no more use.
        """
        count, length, sqes = len(sockets), len(data), self._sqes
        self._message[:length] = data  # type: ignore[call-overload]  # typeshed knows lists only
        if length != self._length:
            sqes[_LENGTH::_SQE] = memoryview(array("I", [length]) * SIZE)
            self._length = length
        first = at = self._sq[self._sq_tail] & (SIZE - 1)
        for descriptor in sockets:
            sqes[at * _SQE + _DESCRIPTOR] = descriptor
            at = (at + 1) & (SIZE - 1)
        self._sq[self._sq_tail] = (self._sq[self._sq_tail] + count) & _WRAP
        submitted = self._submit(count)
        return [
            *self._short(first, submitted, length),
            *((place, -errno.EAGAIN) for place in range(submitted, count)),
        ]

    def close(self) -> None:
        """Give the ring back."""
        for view in (self._sq, self._cq, self._results, self._sqes):
            view.release()
        for mapped in self._mapped:
            mapped.close()
        os.close(self._ring)

    def _map(self, params: _Params) -> None:
        sq_size = params.sq.array + params.sq_entries * 4
        cq_size = params.cq.cqes + params.cq_entries * _CQE * 4
        sizes = ((sq_size, _SQ_RING), (cq_size, _CQ_RING), (SIZE * _SQE * 4, _SQES))
        self._mapped = [
            mmap.mmap(self._ring, size, mmap.MAP_SHARED | mmap.MAP_POPULATE, offset=offset)
            for size, offset in sizes
        ]
        sq, cq, sqes = (memoryview(mapped) for mapped in self._mapped)
        self._sq, self._sqes = sq[: sq_size & ~3].cast("I"), sqes.cast("I")
        self._cq = cq[: params.cq.cqes & ~3].cast("I")
        self._results = cq[params.cq.cqes :].cast("i")
        self._sq_tail, self._sq_array = params.sq.tail // 4, params.sq.array // 4
        self._cq_head, self._cq_tail = params.cq.head // 4, params.cq.tail // 4
        self._cq_size = params.cq_entries

    def _prepare(self) -> None:
        """All that is the same for every send is written once."""
        self._message = (ctypes.c_char * LONGEST)()
        address = ctypes.addressof(self._message)
        flags = socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL
        for slot in range(SIZE):
            self._sq[self._sq_array + slot] = slot
            sqe = self._sqes[slot * _SQE : (slot + 1) * _SQE]
            sqe[_OPCODE], sqe[_FLAGS], sqe[_USER_DATA] = _SEND, flags, slot
            sqe[_ADDRESS], sqe[_ADDRESS + 1] = address & _WRAP, address >> 32

    def _submit(self, count: int) -> int:
        """Hand the requests over; all that were taken are complete when it returns: how many."""
        taken = 0
        while taken < count:
            try:
                taken += self._enter(count - taken, count)
            except OSError:
                # What the system did not take is not left for the next time.
                tail = self._sq[self._sq_tail]
                self._sq[self._sq_tail] = (tail - (count - taken)) & _WRAP
                if not taken:
                    raise
                break
        while (self._cq[self._cq_tail] - self._cq[self._cq_head]) & _WRAP < taken:
            self._enter(0, taken)
        return taken

    def _enter(self, submit: int, complete: int) -> int:
        while True:
            with suppress(InterruptedError):
                return self._call(_ENTER, self._ring, submit, complete, _GETEVENTS, None, 0)

    def _short(self, first: int, count: int, length: int) -> list[tuple[int, int]]:
        """Take the results; `first` is the slot of the first socket."""
        head = self._cq[self._cq_head]
        self._cq[self._cq_head] = (head + count) & _WRAP
        head &= self._cq_size - 1
        spans = [(head, min(head + count, self._cq_size)), (0, head + count - self._cq_size)]
        found = []
        for begin, end in spans:
            if begin >= end:
                continue
            taken = self._results[begin * _CQE + _RESULT : end * _CQE : _CQE].tolist()
            if taken.count(length) == end - begin:
                continue
            slots = self._results[begin * _CQE : end * _CQE : _CQE].tolist()
            for slot, result in zip(slots, taken, strict=True):
                if result != length:
                    found.append(((slot - first) & (SIZE - 1), result))
        return found

    def _call(self, *arguments: object) -> int:
        result = int(self._system(*arguments))
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return result


def open_batch() -> Batch | None:
    """A batch, or None where the system has none or forbids it."""
    if not sys.platform.startswith("linux") or sys.byteorder != "little":
        return None
    try:
        return Batch()
    except OSError as error:
        log.info("messages are sent one by one: io_uring: %s", error.strerror)
        return None
