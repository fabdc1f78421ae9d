"""espeak-ng from PyPI, in its worker process."""

from __future__ import annotations

import asyncio
import io
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from queue_server.speech import espeak_worker, wire
from queue_server.speech.engine import SpeechConfig, VoiceUnavailable
from queue_server.speech.loader import LoaderEngine

from .sound import band_share, pauses, rms, samples_of

ROOT = Path(__file__).parents[2]
INDONESIAN = "Nomor antrean A nol satu dua, silakan menuju loket lima."
ENGLISH = "Queue number A zero one two, please proceed to counter five."


def stand_in(script: str, *arguments: str, time_limit: float = 60) -> LoaderEngine:
    """The engine with another worker: a Python script."""
    config = SpeechConfig(time_limit=time_limit)
    return LoaderEngine(config, (sys.executable, "-c", script, *arguments))


@pytest.mark.parametrize(("language", "text"), [("id", INDONESIAN), ("en", ENGLISH)])
async def test_the_worker_speaks(loader: LoaderEngine, language: str, text: str) -> None:
    """Its answer is speech: seconds long, loud, in the voice's band, with a pause at the comma."""
    sound = samples_of(await loader.synthesize(text, language))
    assert 3 < len(sound) / 22_050 < 7
    assert rms(sound) > 0.05
    assert band_share(sound, 150, 4000) > 0.8
    assert len(pauses(sound[2205:-11_025], 0.15)) == 1


async def test_a_longer_sentence_is_longer(loader: LoaderEngine) -> None:
    """The words are really in the sound (espeak-ng varies by some ms from one time to the next)."""
    short, long = "Nomor antrean A satu.", INDONESIAN
    again = [len(await loader.synthesize(text, "id")) for text in (long, short, long, short)]
    assert again[0] == pytest.approx(again[2], rel=0.05)
    assert again[1] == pytest.approx(again[3], rel=0.05)
    assert again[1] < 0.7 * again[0]


async def test_faster_is_shorter(loader: LoaderEngine) -> None:
    """The speed reaches the library."""
    fast = LoaderEngine(SpeechConfig(speed=280, time_limit=60))
    try:
        quick = len(await fast.synthesize(INDONESIAN, "id"))
    finally:
        await fast.close()
    assert quick < 0.7 * len(await loader.synthesize(INDONESIAN, "id"))


async def test_the_library_never_enters_this_process(loader: LoaderEngine) -> None:
    """GPL code is loaded by the worker alone: neither the package nor the library is in here."""
    await loader.synthesize(INDONESIAN, "id")
    assert "espeakng_loader" not in sys.modules
    assert "espeak" not in mapped("self")
    assert "libespeak-ng" in mapped(str(loader.pid))


def mapped(pid: str) -> str:
    """The files in a process's memory."""
    return Path(f"/proc/{pid}/maps").read_text()


ECHO = """
import signal, sys
from queue_server.speech import wire
while head := sys.stdin.buffer.read(4):
    said = wire.unpack_request(sys.stdin.buffer.read(wire.LENGTH.unpack(head)[0])).text
    if said == "hang":
        open(sys.argv[1], "w").close()
        signal.pause()
    sys.stdout.buffer.write(wire.pack_answer(wire.SOUND, said.encode()))
    sys.stdout.buffer.flush()
"""


async def test_sentences_at_the_same_time_each_get_their_own() -> None:
    """One worker, many callers: nobody gets another's sentence."""
    engine = stand_in(ECHO)
    try:
        texts = [f"sentence {letter * 2000}" for letter in "abcdefgh"]
        answers = await asyncio.gather(*(engine.synthesize(text, "id") for text in texts))
        pid = engine.pid
        assert [answer.decode() for answer in answers] == [text[:600] for text in texts]
        assert await engine.synthesize("x", "id") == b"x"
        assert engine.pid == pid
    finally:
        await engine.close()


async def test_a_cancelled_sentence_is_not_the_next_ones_answer(tmp_path: Path) -> None:
    """A worker that owes an answer to a caller who left is ended: the next sentence is its own."""
    pipe = tmp_path / "hanging"
    os.mkfifo(pipe)
    engine = stand_in(ECHO, str(pipe))
    try:
        assert await engine.synthesize("x", "id") == b"x"
        left = engine.pid
        owed = asyncio.create_task(engine.synthesize("hang", "id"))
        await asyncio.to_thread(pipe.read_bytes)  # returns once the worker has the sentence
        owed.cancel()
        with pytest.raises(asyncio.CancelledError):
            await owed
        assert await engine.synthesize("x", "id") == b"x"
        assert engine.pid != left
    finally:
        await engine.close()


async def test_a_killed_worker_is_replaced(loader: LoaderEngine) -> None:
    """After kill -9 the next sentence is spoken by a new worker, and nobody sees an error."""
    before = len(await loader.synthesize(INDONESIAN, "id"))
    killed = loader.pid
    assert killed
    os.kill(killed, signal.SIGKILL)
    assert len(await loader.synthesize(INDONESIAN, "id")) == pytest.approx(before, rel=0.05)
    assert loader.pid not in (None, killed)


async def test_a_worker_that_dies_over_a_sentence_is_given_a_second_try(tmp_path: Path) -> None:
    """Killed in the middle of a sentence, the worker is replaced within it."""
    engine = stand_in(
        "import os, sys; from pathlib import Path; marker = Path(sys.argv[1])\n"
        "if not marker.exists(): marker.touch(); sys.stdin.buffer.read(4); os._exit(1)\n"
        "from queue_server.speech.espeak_worker import main; main()",
        str(tmp_path / "died"),
    )
    try:
        assert len(await engine.synthesize(INDONESIAN, "id")) > 100_000
    finally:
        await engine.close()
    assert (tmp_path / "died").exists()


async def test_a_sentence_that_kills_every_worker_is_refused() -> None:
    """Two dead workers are enough; the next sentence starts afresh."""
    engine = stand_in("import os; os._exit(1)")
    with pytest.raises(VoiceUnavailable, match="died twice"):
        await engine.synthesize("A", "id")
    assert engine.pid is None


async def test_a_hanging_worker_is_given_up_and_killed() -> None:
    """A worker that never answers costs its time limit, and can't answer the next sentence."""
    engine = stand_in("import signal; signal.pause()", time_limit=0.05)
    with pytest.raises(VoiceUnavailable, match=r"more than 0\.05 s"):
        await engine.synthesize("A", "id")
    assert engine.pid is None


async def test_a_worker_that_can_not_start_or_talks_nonsense_is_an_error() -> None:
    """A missing program and an answer of 4 GB are both VoiceUnavailable."""
    missing = LoaderEngine(SpeechConfig(), ("/nowhere/python",))
    with pytest.raises(VoiceUnavailable, match="can't be started"):
        await missing.synthesize("A", "id")
    endless = stand_in("import sys; sys.stdout.buffer.write(b'\\xff' * 64)")
    with pytest.raises(VoiceUnavailable, match="no announcement"):
        await endless.synthesize("A", "id")
    assert endless.pid is None


async def test_an_unknown_voice_is_an_error_and_the_worker_lives_on() -> None:
    """espeak-ng's refusal comes back as a sentence; the same worker says the next one."""
    engine = LoaderEngine(SpeechConfig(voices={"id": "id", "xx": "no-such"}, time_limit=60))
    try:
        with pytest.raises(VoiceUnavailable, match="no voice 'no-such'"):
            await engine.synthesize("A", "xx")
        pid = engine.pid
        assert len(await engine.synthesize(INDONESIAN, "id")) > 100_000
        assert engine.pid == pid
    finally:
        await engine.close()


async def test_close_ends_the_worker(loader: LoaderEngine) -> None:
    """Nothing is left behind, and closing twice is fine."""
    await loader.synthesize("A", "id")
    pid = loader.pid
    assert pid
    await loader.close()
    await loader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_worker_dies_with_a_killed_server() -> None:
    """kill -9 of the server ends its worker too: its stdin ends."""
    script = (
        "import asyncio, signal\n"
        "from queue_server.speech.engine import SpeechConfig\n"
        "from queue_server.speech.loader import LoaderEngine\n"
        "async def main():\n"
        "    engine = LoaderEngine(SpeechConfig(time_limit=60))\n"
        "    await engine.synthesize('A', 'id')\n"
        "    print(engine.pid, flush=True); signal.pause()\n"
        "asyncio.run(main())"
    )
    argv = [sys.executable, "-c", script]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, cwd=ROOT, text=True) as server:
        assert server.stdout
        worker = os.pidfd_open(int(server.stdout.readline()))
        server.kill()
        try:
            ended, _, _ = select.select([worker], [], [], 30)
        finally:
            os.close(worker)
    assert ended


def test_the_workers_protocol_ends_cleanly_on_a_cut_request() -> None:
    """Half a length, as a dying server leaves it, ends the loop; a junk request does not."""
    answers = io.BytesIO()
    junk = wire.LENGTH.pack(2) + b"{}"
    cut = wire.pack_request(wire.Request("id", 140, "A"))[:3]
    # The library isn't loaded in this process: the package is hidden from the worker's code.
    hidden = sys.modules.get("espeakng_loader", ...)
    sys.modules["espeakng_loader"] = None  # type: ignore[assignment]  # Python's own "not there"
    try:
        espeak_worker.serve(io.BytesIO(junk + cut), answers)
    finally:
        del sys.modules["espeakng_loader"]
        assert hidden is ...
    kind, length = wire.ANSWER.unpack_from(answers.getvalue())
    assert kind == wire.ERROR
    assert length == len(answers.getvalue()) - wire.ANSWER.size
    assert b"espeakng_loader" in answers.getvalue()
