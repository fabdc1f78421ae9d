"""The program's commands, as a person types them, beside a running server and without one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from queue_server import cli
from tests.hall import PATIENCE, Process, antrean, frame, listening


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Process]:
    """A hall in a process of its own."""
    process = Process(tmp_path / "data")
    await process.start()
    yield process
    await process.stop()


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("ANTREAN_SERVER__PORT", "abc", "server.port: expected `int`, found 'abc'"),
        ("ANTREAN_SERVER__PROT", "1", "server.prot: expected one of host, port"),
        ("ANTREAN_HOURS__MONDAY", "8-9", "hours.monday: expected"),
        ("ANTREAN_HALL__TIMEZONE", "Asia/Kalianda", "hall.timezone: expected an IANA name"),
        ("ANTREAN_SPEECH__STYLE", "loud", "speech.style:"),
    ],
)
async def test_a_bad_setting_is_one_line(variable: str, value: str, says: str) -> None:
    """A bad key or value: exit 2 and one line with file, key, expectation and finding."""
    code, out, err = await antrean("check", environ={"PATH": "/usr/bin", variable: value})
    assert (code, out) == (2, "")
    assert err.startswith("antrean: config.toml: ")
    assert says in err
    assert err.count("\n") == 1


def test_root_is_kept_out_of_the_servers_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files that root leaves there are closed to the server: exit 2, and whom to be instead."""
    if os.geteuid() == 0:
        os.chown(tmp_path, 65_534, 65_534)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(SystemExit, match="2"):
        cli.main(["restore", "b.tar", "--data", str(tmp_path)])
    assert f"sudo -u '#{tmp_path.stat().st_uid}'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


async def test_check_says_what_it_found(tmp_path: Path) -> None:
    """`antrean check` accepts the root's configuration and catalogue."""
    code, out, _ = await antrean("check", "--data", str(tmp_path))
    assert (code, out) == (0, "sound: 260 services, 66 counters\n")


async def test_a_second_process_is_refused(hall: Process) -> None:
    """A second process on the same folder: exit 2 and one line; the first goes on."""
    code, _, err = await hall.command("serve", "--port", "0")
    assert code == 2
    assert "another antrean process uses this folder" in err
    async with httpx2.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{hall.url}/readyz")).status_code == 200


async def test_tokens_and_users_beside_a_running_server(hall: Process) -> None:
    """`token add` prints the secret alone on its line, and it works at once."""
    secret = await hall.secret("operator")
    async with httpx2.AsyncClient(base_url=hall.url, trust_env=False) as client:
        headers = {"Authorization": f"Bearer {secret}"}
        opened = await client.post("/api/v1/counters/1/openings", json={}, headers=headers)
        assert opened.status_code == 201
    code, password, _ = await hall.command("user", "add", "sari", "--role", "supervisor")
    assert code == 0
    assert len(password.strip()) >= 12
    code, _, err = await hall.command("user", "add", "sari", "--role", "supervisor")
    assert (code, err.count("\n")) == (2, 1)


async def test_the_catalogue_changes_beside_a_running_server(hall: Process, tmp_path: Path) -> None:
    """export → edit → import: the running hall has the new service at once; a broken file is
    refused in one line; a service that somebody waits for can't be dropped."""
    file = tmp_path / "c.toml"
    assert (await hall.command("catalogue", "export", str(file)))[0] == 0
    text = file.read_text()
    file.write_text(text.replace('id = "Paspor Baru (Dewasa)"', 'id = "Paspor Baru"'))
    code, out, err = await hall.command("catalogue", "import", str(file))
    assert (code, out) == (0, "29 agencies, 260 services, 66 counters\n"), err
    async with httpx2.AsyncClient(base_url=hall.url, trust_env=False) as client:
        shown = (await client.get("/api/v1/services/paspor?lang=id")).json()
        assert "Paspor Baru" in str(shown["name"])
        headers = {"Authorization": f"Bearer {await hall.secret('kiosk')}"}
        await client.post("/api/v1/tickets", json={"service": "paspor"}, headers=headers)
    file.write_text(text.replace('"paspor"', '"paspor-lain"'))
    code, _, err = await hall.command("catalogue", "import", str(file))
    assert code == 2
    assert "still wait for paspor" in err
    file.write_text(text.replace('agency = "imigrasi"', 'agency = "nowhere"', 1))
    code, _, err = await hall.command("catalogue", "import", str(file))
    assert (code, err.count("\n")) == (2, 1)
    assert "nowhere" in err


async def test_backup_verify_restore(hall: Process, tmp_path: Path) -> None:
    """A backup of a running hall verifies; a restore refuses to go back without --force, gives
    the journal another name, and the hall then runs on from the backup."""
    file = tmp_path / "backup.tar"
    code, _, err = await hall.command("backup", str(file))
    assert code == 0, err
    kiosk = {"Authorization": f"Bearer {await hall.secret('kiosk')}"}
    async with httpx2.AsyncClient(base_url=hall.url, trust_env=False) as client:
        await client.post("/api/v1/tickets", json={"service": "paspor"}, headers=kiosk)
        epoch = (await client.get("/api/v1/hall")).json()["epoch"]
    assert (await hall.command("restore", str(file)))[0] == 2  # it runs
    assert await hall.stop() == 0
    assert (await hall.command("verify"))[:2] == (0, "sound\n")
    code, _, err = await hall.command("restore", str(file))
    assert code == 2
    assert "--force" in err
    assert (await hall.command("restore", str(file), "--force"))[0] == 0
    await hall.start()
    async with httpx2.AsyncClient(base_url=hall.url, trust_env=False) as client:
        assert (await client.get("/api/v1/hall")).json()["epoch"] != epoch


async def test_damage_is_found(tmp_path: Path) -> None:
    """A changed byte in an entry: `verify` exits 1 and names the place; `serve` refuses."""
    hall = Process(tmp_path / "data")
    await hall.start()
    await hall.stop()
    path = hall.data / "journal.db"
    data = bytearray(path.read_bytes())
    at = data.index(b'"system"')
    data[at + 2] ^= 1
    path.write_bytes(data)
    code, out, _ = await hall.command("verify")
    assert code == 1
    assert "checksum" in out
    code, _, err = await hall.command("serve", "--port", "0")
    assert code == 2
    assert "checksum" in err


async def test_the_one_time_password_is_printed_until_it_is_used(tmp_path: Path) -> None:
    """The first administrator's password is printed at the start, and a new one at the next
    start if nobody has used it: nobody is locked out by a lost line."""
    hall = Process(tmp_path / "data")
    for _ in range(2):
        await hall.start()
        assert hall.child is not None
        assert hall.child.stdout is not None
        async with asyncio.timeout(PATIENCE):
            rest = (await hall.child.stdout.readline()) + (await hall.child.stdout.readline())
        assert "one-time password" in rest.decode()
        await hall.stop()


async def test_the_log_names_no_phone(tmp_path: Path) -> None:
    """A page and a socket leave no line: whose address came when is nobody's business."""
    process, log = Process(tmp_path / "data"), tmp_path / "log"
    with log.open("wb") as process.log:
        await process.start()
        async with httpx2.AsyncClient(trust_env=False) as client:
            await client.get(f"{process.url}/services?q=paspor")
        async with listening(process.url, "zone:hall") as socket:
            await frame(socket)
        await process.stop()
    assert "127.0.0.1" not in log.read_text()
    assert "paspor" not in log.read_text()
