"""Choosing an engine, and engines that are other people's programs."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import sys
import threading
from pathlib import Path

import pytest

from queue_server.speech import child
from queue_server.speech.engine import SpeechConfig, VoiceUnavailable, find_engine, why_none
from queue_server.speech.loader import LoaderEngine
from queue_server.speech.programs import CommandEngine, ProgramEngine

from .sound import band_share, pauses, rms, samples_of, tone, wav

INDONESIAN = "Nomor antrean A nol satu dua, silakan menuju loket lima."
ENGLISH = "Queue number A zero one two, please proceed to counter five."
HANGS = "import signal; signal.pause()"


def command(script: str, *arguments: str, time_limit: float = 60) -> CommandEngine:
    """An engine that is a Python script."""
    argv = (sys.executable, "-S", "-c", script, *arguments)
    return CommandEngine(SpeechConfig(command=argv, time_limit=time_limit))


@pytest.mark.parametrize(
    ("wanted", "with_command", "program", "package", "found"),
    [
        ("auto", False, True, True, ProgramEngine),
        ("auto", False, False, True, LoaderEngine),
        ("auto", True, True, True, CommandEngine),
        ("auto", False, False, False, None),
        ("program", True, True, True, ProgramEngine),
        ("program", False, False, True, None),
        ("loader", True, True, True, LoaderEngine),
        ("loader", False, True, False, None),
        ("command", True, False, False, CommandEngine),
        ("command", False, True, True, None),
        ("off", True, True, True, None),
    ],
)
def test_the_engine_is_the_first_that_is_there(
    monkeypatch: pytest.MonkeyPatch,
    wanted: str,
    with_command: bool,
    program: bool,
    package: bool,
    found: type | None,
) -> None:
    """A configured command, else the program, else the package, else none, with a reason."""
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}" if program else None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name if package else None)
    config = SpeechConfig(engine=wanted, command=("say",) if with_command else ())  # type: ignore[arg-type]  # a table of them
    engine = find_engine(config)
    assert type(engine) is (found or type(None))
    assert len(why_none(config)) > 20


@pytest.mark.parametrize(
    ("wrong", "named"),
    [({"engine": "flite"}, "engine"), ({"speed": 20}, "speed"), ({"time_limit": 0}, "time_limit")],
)
def test_a_wrong_setting_is_refused_by_name(wrong: dict[str, object], named: str) -> None:
    """A configuration that can't work fails when it is made, and says which key it is."""
    with pytest.raises(ValueError, match=named):
        SpeechConfig(**wrong)  # type: ignore[arg-type]  # that is what is tested


def test_an_engines_identity_tells_apart_all_that_sounds_different() -> None:
    """Speed, voices, command line and kind of engine are each part of the file's name."""
    base, fast = SpeechConfig(), SpeechConfig(speed=200)
    other = SpeechConfig(voices={"id": "mb-id1", "en": "en"})
    identities = {
        *(ProgramEngine(config, "espeak-ng").identity for config in (base, fast, other)),
        *(LoaderEngine(config).identity for config in (base, fast, other)),
        CommandEngine(SpeechConfig(command=("say", "-a"))).identity,
        CommandEngine(SpeechConfig(command=("say", "-b"))).identity,
    }
    assert len(identities) == 8


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="the program espeak-ng isn't on PATH")
@pytest.mark.parametrize(("language", "text"), [("id", INDONESIAN), ("en", ENGLISH)])
async def test_the_program_speaks(tmp_path: Path, language: str, text: str) -> None:
    """espeak-ng's answer is speech: seconds long, loud, in the voice's band, with a pause."""
    program = shutil.which("espeak-ng")
    assert program
    engine = ProgramEngine(SpeechConfig(scratch=tmp_path, time_limit=60), program)
    sound = samples_of(await engine.synthesize(text, language))
    assert 3 < len(sound) / 22_050 < 7
    assert rms(sound) > 0.05
    assert band_share(sound, 150, 4000) > 0.8
    assert len(pauses(sound[2205:-11_025], 0.15)) == 1
    assert os.listdir(tmp_path) == []
    await engine.close()


async def test_the_text_reaches_the_program_on_stdin_only(tmp_path: Path) -> None:
    """Neither `ps` nor an option parser ever sees what is said."""
    engine = fake_program(tmp_path, "open(target, 'wb').write(b'sound')")
    assert await engine.synthesize("--help A", "en") == b"sound"
    arguments, text = (tmp_path / "seen").read_text().split("\n")
    assert text == "--help [['eI]]"
    assert "help" not in arguments
    assert arguments.startswith("-v en-gb -s 99 -b 1 -w ")


async def test_a_program_that_writes_nothing_is_an_error(tmp_path: Path) -> None:
    """Exit code 0 without a file is still no sentence."""
    with pytest.raises(VoiceUnavailable, match="file"):
        await fake_program(tmp_path, "pass").synthesize("A", "en")


async def test_a_scratch_folder_that_is_gone_is_an_error(tmp_path: Path) -> None:
    """A disk's error reaches the caller as VoiceUnavailable."""
    engine = ProgramEngine(SpeechConfig(scratch=tmp_path / "gone"), sys.executable)
    with pytest.raises(VoiceUnavailable, match="gone"):
        await engine.synthesize("A", "en")


def fake_program(folder: Path, act: str) -> ProgramEngine:
    """A stand-in for espeak-ng that notes how it was called."""
    script = folder / "espeak-ng"
    script.write_text(
        f"#!{sys.executable} -S\nimport sys\ntarget = sys.argv[sys.argv.index('-w') + 1]\n"
        f"seen = ' '.join(sys.argv[1:]) + chr(10) + sys.stdin.read()\n"
        f"open({str(folder / 'seen')!r}, 'w').write(seen)\n{act}\n"
    )
    script.chmod(0o755)
    config = SpeechConfig(voices={"en": "en-gb"}, speed=99, scratch=folder, time_limit=60)
    return ProgramEngine(config, str(script))


async def test_a_command_gets_the_text_and_its_settings(tmp_path: Path) -> None:
    """Text on stdin, {language}, {voice} and {speed} filled in, a WAV from stdout."""
    (tmp_path / "wav").write_bytes(wav(tone(500, 0.2)))
    engine = command(
        "import sys; open(sys.argv[1] + '/seen', 'w').write(sys.argv[2] + sys.stdin.read());"
        "sys.stdout.buffer.write(open(sys.argv[1] + '/wav', 'rb').read())",
        str(tmp_path),
        "{language} {voice} {speed}: ",
    )
    assert await engine.synthesize(ENGLISH, "en") == (tmp_path / "wav").read_bytes()
    assert (tmp_path / "seen").read_text() == f"en en 140: {ENGLISH.replace('A zero', 'A, zero')}"
    assert engine.name.startswith("command python")
    await engine.close()


async def test_a_hanging_command_is_given_up() -> None:
    """A command that never answers costs its time limit, not the server."""
    with pytest.raises(VoiceUnavailable, match=r"more than 0\.05 s"):
        await command(HANGS, time_limit=0.05).synthesize("A", "id")


async def test_what_is_given_up_is_killed_with_its_children(tmp_path: Path) -> None:
    """Nothing of a sentence that is given up stays behind: each process held the pipe open."""
    pipe = tmp_path / "alive"
    os.mkfifo(pipe)
    script = (
        "import os, signal, sys; alive = os.open(sys.argv[1], os.O_WRONLY);"
        "os.fork() and os.write(alive, b'up'); signal.pause()"
    )
    sentence = asyncio.create_task(command(script, str(pipe)).synthesize("A", "id"))
    with await asyncio.to_thread(pipe.open, "rb", 0) as alive:
        assert await asyncio.to_thread(alive.read, 2) == b"up"
        sentence.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sentence
        assert await asyncio.to_thread(alive.read, 1) == b""  # returns when the last one is dead


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("raise SystemExit('no voice model')", "no voice model"),
        ("raise SystemExit(3)", "code 3"),
        ("import os; os.kill(os.getpid(), 9)", "code -9"),
    ],
)
async def test_a_failing_command_gives_its_reason(script: str, reason: str) -> None:
    """Exit code and last words of stderr are in the error."""
    with pytest.raises(VoiceUnavailable, match=reason):
        await command(script).synthesize("A", "id")


async def test_a_command_that_is_not_there_is_an_error() -> None:
    """A wrong path in the configuration silences the hall, and no more."""
    engine = CommandEngine(SpeechConfig(command=("/nowhere/piper",)))
    with pytest.raises(VoiceUnavailable, match="/nowhere/piper can't be started"):
        await engine.synthesize("A", "id")


async def test_a_command_that_never_stops_talking_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An endless answer is cut at the bound, before the memory is."""
    monkeypatch.setattr(child, "LARGEST_OUTPUT", 1_000_000)
    with pytest.raises(VoiceUnavailable, match="more than an announcement"):
        await command("import sys\nwhile 1: sys.stdout.write('x' * 65536)").synthesize("A", "id")


async def test_a_command_that_does_not_read_may_still_answer() -> None:
    """Whether it wanted its input is its own affair."""
    engine = command("import os; os.close(0); print('fine')")
    assert await engine.synthesize("x" * 500, "id") == b"fine\n"


async def test_a_language_without_a_voice_is_refused() -> None:
    """No engine guesses a voice."""
    for engine in (command("pass"), LoaderEngine(SpeechConfig())):
        with pytest.raises(VoiceUnavailable, match="'jv'"):
            await engine.synthesize("A", "jv")


async def test_no_sentence_leaves_a_thread_or_a_child() -> None:
    """Twenty sentences later there are no more threads than before the first."""
    engine = command("print('fine')")
    await engine.synthesize("A", "id")
    before = threading.active_count()
    for _ in range(20):
        await engine.synthesize("A", "id")
    assert threading.active_count() <= before + 1
