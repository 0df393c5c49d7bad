"""The `crm` command as it is typed: help, exit codes, and a sentence for every fault."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from crm.cli import crm, main
from crm.commands import TEMPORARY
from crm.domain.accounts.rules import SHORTEST_PASSWORD, Role
from crm.jobs.timetable import TIMETABLE
from tests.support.corpus import written_mail

pytestmark = pytest.mark.slow

INIT = (
    "init",
    "--mail-domain",
    "npb.example",
    "--mail-from",
    "jjcpu@npb.example",
    "--base-url",
    "https://rabta.example",
)
OFFICER = ("--email", "officer@npb.example", "--name", "A. Khan", "--post", "Liaison Officer", "--role", "officer")


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


Command = Callable[..., Said]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, and an environment that names nothing else."""
    for name in [name for name in os.environ if name.startswith("CRM_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CRM_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def command(home: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Type a command."""

    def typed(*arguments: str) -> Said:
        code = 0
        try:
            main(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return typed


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `crm init` was run once."""
    folder = tmp_path_factory.mktemp("installed")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CRM_HOME", str(folder))
        main(INIT)
    return folder


@pytest.fixture
def installed(home: Path, template: Path) -> Path:
    """A copy of that folder as the data folder."""
    shutil.copytree(template, home, dirs_exist_ok=True)
    return home


def process(home: Path, *arguments: str, stdin: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    """The command as a process, as an installation starts it."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("CRM_")}
    return subprocess.run(
        [sys.executable, "-m", "crm", *arguments],
        input=stdin,
        capture_output=True,
        env=bare | {"CRM_HOME": str(home)},
        cwd=Path(__file__).resolve().parents[1],
        check=False,
    )


def every_command(group: click.Group = crm, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, one in group.commands.items():
        yield (*above, name)
        if isinstance(one, click.Group):
            yield from every_command(one, (*above, name))


@pytest.mark.parametrize("names", list(every_command()), ids=" ".join)
def test_every_command_has_help_that_needs_no_configuration(command: Command, names: tuple[str, ...]) -> None:
    said = command(*names, "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Usage:")
    assert len(said.out.split("\n\n")[1].strip()) > 10


@pytest.mark.parametrize(
    "arguments", [("fly",), ("users", "add"), ("web", "--fast"), ("jobs", "once", "sleep"), ("mail", "inspect")]
)
def test_wrong_use_is_exit_code_2_and_says_what_is_wrong(command: Command, arguments: tuple[str, ...]) -> None:
    said = command(*arguments)
    assert (said.code, said.out) == (2, "")
    assert "Error:" in said.err


@pytest.mark.parametrize(
    "arguments", [("web",), ("worker",), ("upgrade",), ("check",), ("search", "rebuild"), ("users", "list")]
)
def test_without_a_configuration_every_missing_setting_is_told(command: Command, arguments: tuple[str, ...]) -> None:
    said = command(*arguments)
    assert said.code == 2
    assert said.err.startswith("The configuration is not complete.\n")
    assert all(f"CRM_{name} is not set" in said.err for name in ("SECRET_KEY", "LINK_KEYS", "MAIL_DOMAIN"))


def test_init_writes_a_private_configuration_with_fresh_keys_and_starts_no_demo(installed: Path) -> None:
    file = installed / "rabta.toml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert "demo" not in file.read_text()
    with sqlite3.connect(installed / "rabta.db") as database:
        counts = [
            database.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("term", "organisation", "user_account")
        ]
    assert counts[0] > 50
    assert counts[1:] == [0, 0]


def test_init_never_overwrites_the_keys(installed: Path, command: Command) -> None:
    before = (installed / "rabta.toml").read_bytes()
    said = command(*INIT)
    assert said.code == 1
    assert "exists already" in said.err
    assert (installed / "rabta.toml").read_bytes() == before


def test_an_init_that_fails_leaves_nothing_and_can_be_given_again(home: Path, command: Command) -> None:
    said = command("init", "--mail-domain", "npb", *INIT[3:])
    assert said.code == 2
    assert "CRM_MAIL_DOMAIN is wrong: it is where answers come to" in said.err
    assert list(home.iterdir()) == []
    assert command(*INIT).code == 0


@pytest.mark.real_server
@pytest.mark.parametrize(("name", "setting"), [("web", "CRM_BIND"), ("worker", "CRM_LMTP_BIND")])
def test_a_taken_port_is_named_with_the_setting_that_moves_it(
    installed: Path, command: Command, monkeypatch: pytest.MonkeyPatch, name: str, setting: str
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv(setting, bind)
        for typed in (name, "run"):
            said = command(typed)
            assert said.code == 1
            assert said.err.startswith(f"{bind} is taken by another program, so the ")
            assert setting in said.err
            assert said.err.count("\n") == 1


def test_a_database_that_is_not_there_older_or_newer_is_refused_with_what_to_run(
    installed: Path, command: Command
) -> None:
    file = installed / "rabta.db"
    for revision, says in (("0003", "Stop Rabta and run `crm upgrade`."), ("9999", "was made by a newer version")):
        with sqlite3.connect(file) as database:
            database.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        for arguments in (("web",), ("worker",), ("users", "list"), ("check",)):
            said = command(*arguments)
            assert (said.code, said.out) == (1, "")
            assert says in said.err
    file.unlink()
    said = command("users", "list")
    assert (said.code, said.err) == (1, f"There is no database at {file} yet. Run `crm upgrade`.\n")


def test_a_newer_database_is_not_upgraded_and_a_damaged_one_is_told(installed: Path, command: Command) -> None:
    with sqlite3.connect(installed / "rabta.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "was made by a newer version" in command("upgrade").err
    for rest in installed.glob("rabta.db*"):
        rest.unlink()
    (installed / "rabta.db").write_bytes(b"not a database" * 100)
    said = command("users", "list")
    assert said.code == 1
    assert said.err.startswith("The database could not be used.\n")
    assert "Traceback" not in said.err


def test_upgrade_and_check_of_a_new_installation_find_everything_in_order(installed: Path, command: Command) -> None:
    assert command("upgrade") == Said(0, "The database is at this version.\n", "")
    assert command("check") == Said(0, "Everything is in order.\n", "")
    assert command("search", "rebuild").code == 0


def test_an_account_is_opened_listed_given_a_new_password_and_shut(installed: Path, command: Command) -> None:
    added = command("users", "add", *OFFICER)
    email, first = added.out.split()
    assert (added.code, email) == (0, "officer@npb.example")
    again = command("users", "reset-password", "Officer@npb.example")
    assert again.code == 0
    second = again.out.split()[1]
    assert first != second
    assert min(len(first), len(second)) >= SHORTEST_PASSWORD
    assert command("users", "list").out == "officer@npb.example\tLiaison officer\tLiaison Officer\n"
    assert command("users", "disable", "officer@npb.example") == Said(0, "officer@npb.example is disabled.\n", "")
    assert "(disabled)" in command("users", "list").out


def test_no_password_is_written_to_the_data_folder(installed: Path, command: Command) -> None:
    password = command("users", "add", *OFFICER).out.split()[1].encode()
    assert not [file for file in installed.rglob("*") if file.is_file() and password in file.read_bytes()]


def test_an_unknown_role_a_known_address_and_a_missing_account_are_sentences(installed: Path, command: Command) -> None:
    said = command("users", "add", *OFFICER[:-1], "king")
    assert said.code == 2
    assert all(str(role) in said.err for role in Role)
    assert command("users", "add", *OFFICER).code == 0
    said = command("users", "add", *OFFICER)
    assert said == Said(1, "", "There is an account with the address officer@npb.example already.\n")
    for verb in ("disable", "reset-password"):
        said = command("users", verb, "nobody@npb.example")
        assert said == Said(1, "", "There is no account with the address nobody@npb.example.\n")


def test_an_import_is_a_dry_run_until_it_is_told_to_write(installed: Path, command: Command, tmp_path: Path) -> None:
    file = tmp_path / "partners.csv"
    file.write_text("Name,Type,Email\nSahil,ngo,focal@sahil.example\nRozan,nogo,\n")
    said = command("import", "organisations", str(file))
    assert said.code == 0
    assert "2 rows: 1 to create, 0 to update, 0 unchanged, 1 refused." in said.out
    assert "Row 3 is refused: the type “nogo” is not known" in said.out
    assert "Nothing was written" in said.out
    assert "1 to create" in command("import", "organisations", str(file), "--write").out
    assert (
        "2 rows: 0 to create, 0 to update, 1 unchanged, 1 refused." in command("import", "organisations", str(file)).out
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "list.csv is empty.\n"),
        (b"Type\nngo\n", "The file has no column “Name”. It has: “Type”.\n"),
        (b"Name,Fax\nSahil,1\n", "The column “Fax” is not known."),
        (b"\xff\x00\x01", "The letters of list.csv cannot be read."),
    ],
)
def test_an_import_file_that_is_no_list_is_one_sentence(
    installed: Path, command: Command, tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(content)
    said = command("import", "organisations", str(file), "--write")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(says)
    assert said.err.count("\n") == 1


def test_an_import_file_that_is_not_there_is_wrong_use(installed: Path, command: Command) -> None:
    said = command("import", "organisations", "none.csv")
    assert said.code == 2
    assert "'none.csv' does not exist" in said.err


def test_inspect_prints_one_json_line_a_file_without_any_configuration(command: Command, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.eml" for name in ("one", "two")]
    files[0].write_bytes(written_mail("We agree with clause 7."))
    files[1].write_bytes(b"\x00\xff no mail at all")
    said = command("mail", "inspect", *map(str, files))
    assert (said.code, said.err) == (0, "")
    read = [json.loads(line) for line in said.out.splitlines()]
    assert [one["file"] for one in read] == [str(file) for file in files]
    assert "clause 7" in read[0]["text"]
    assert set(tmp_path.iterdir()) == set(files)


def test_ingest_keeps_a_mail_from_standard_input_encrypted(installed: Path) -> None:
    raw = written_mail("A word that must not lie about in the open: zafaran.")
    done = process(installed, "mail", "ingest", "--from", "a@x.example", "--to", "jjcpu@npb.example", stdin=raw)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    kept = [file for file in (installed / "quarantine").rglob("*") if file.is_file()]
    assert len(kept) == 1
    assert b"zafaran" not in kept[0].read_bytes()
    with sqlite3.connect(installed / "rabta.db") as database:
        assert database.execute("SELECT envelope_to FROM inbound_mail").fetchall() == [("jjcpu@npb.example",)]


@pytest.mark.parametrize("fault", ["no configuration", "no database", "newer database", "no quarantine"])
def test_what_cannot_be_kept_is_to_be_delivered_again(installed: Path, fault: str) -> None:
    {
        "no configuration": lambda: (installed / "rabta.toml").unlink(),
        "no database": lambda: (installed / "rabta.db").unlink(),
        "newer database": lambda: _newer(installed / "rabta.db"),
        "no quarantine": lambda: _file_in_the_way(installed / "quarantine"),
    }[fault]()
    done = CliRunner().invoke(crm, ("mail", "ingest", "--to", "jjcpu@npb.example"), input=written_mail())
    assert (done.exit_code, done.stdout) == (TEMPORARY, "")
    assert done.stderr.startswith("The mail could not be kept: ")
    assert done.stderr.endswith(" Nothing was lost; deliver it again.\n")


def _newer(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


def _file_in_the_way(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.write_bytes(b"")


def test_the_jobs_are_listed_with_their_hours_and_run_once(installed: Path, command: Command) -> None:
    listed = command("jobs", "list")
    assert [line.split("\t")[0] for line in listed.out.splitlines()] == [job.name for job in TIMETABLE]
    assert command("jobs", "once", "climb-ladders") == Said(0, "0 done.\n", "")
    assert command("jobs", "once", "read-mail") == Said(0, "0 done.\n", "")
