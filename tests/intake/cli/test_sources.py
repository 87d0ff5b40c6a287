"""Where a command's passphrase comes from, in what order, and what is refused."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from intake.cli.context import CREDENTIAL, Context
from intake.cli.sources import (
    KeyringUnusable,
    NoPassphrase,
    SecretCommandFailed,
    SecretFileOpen,
    SecretFileUnusable,
    secret_of_command,
    secret_of_keyring,
)
from intake.config import ConfigurationUnusable, Workstation, load_workstation, save_workstation

PYTHON = sys.executable
POSIX = pytest.mark.skipif(os.name != "posix", reason="Windows keeps the rights on a file in access lists")


def said(text: str) -> tuple[str, ...]:
    return (PYTHON, "-c", f"print({text!r})")


def secret(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text + "\n", encoding="utf-8")
    path.chmod(mode)
    return path


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    return Context(config=tmp_path / "config.toml")


def configure(context: Context, **settings: object) -> None:
    assert context.config is not None
    values = {"store": context.config.parent / "store", **settings}
    save_workstation(context.config, Workstation.model_validate(values))


def test_each_source_comes_before_the_next(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = secret(tmp_path / "kept", "uit het bestand")
    configure(context, passphrase_file=file, passphrase_command=said("uit de opdracht"), keyring=True)
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    secret(credentials / CREDENTIAL, "uit de map")
    context.passphrase_file = secret(tmp_path / "named", "genoemd")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    assert context.passphrase("els") == "genoemd"
    context.passphrase_file = None
    assert context.passphrase("els") == "uit de map"
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    assert context.passphrase("els") == "uit het bestand"
    configure(context, passphrase_command=said("uit de opdracht"), keyring=True)
    assert context.passphrase("els") == "uit de opdracht"
    configure(context)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    with pytest.raises(NoPassphrase):
        context.passphrase("els")


def test_the_configuration_keeps_its_sources_when_the_program_writes_it(
    context: Context, tmp_path: Path
) -> None:
    assert context.config is not None
    context.config.write_text(
        'store = "store"\npassphrase_file = "kept"\npassphrase_command = ["pass", "show", "ocmw \\"x\\""]\nkeyring = true\n'
    )
    before = load_workstation(context.config)
    assert before.passphrase_file == tmp_path / "kept"
    before.remember("a" * 40, "els")
    after = load_workstation(context.config)
    assert after == before.model_copy(update={"fingerprint": "a" * 40, "user": "els"})
    assert after.passphrase_command == ("pass", "show", 'ocmw "x"')


@pytest.mark.parametrize("line", ['passphrase = "vier groene fietsen"', 'passphrase_command = "pass show"'])
def test_a_passphrase_or_a_shell_line_in_the_configuration_is_refused(context: Context, line: str) -> None:
    assert context.config is not None
    context.config.write_text(f'store = "store"\n{line}\n')
    with pytest.raises(ConfigurationUnusable) as refused:
        context.workstation()
    assert "groene" not in str(refused.value.values)


@POSIX
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_kept_file_that_others_can_read_is_refused(context: Context, tmp_path: Path, mode: int) -> None:
    configure(context, passphrase_file=secret(tmp_path / "kept", "uit het bestand", mode))
    with pytest.raises(SecretFileOpen):
        context.passphrase("els")


@POSIX
def test_a_named_file_that_others_can_read_is_warned_of_at_a_terminal_only(
    context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    context.passphrase_file = secret(tmp_path / "named", "genoemd", 0o644)
    assert context.passphrase("els") == "genoemd"
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert context.passphrase("els") == "genoemd"
    told = capsys.readouterr().err
    assert str(context.passphrase_file) in told
    assert "genoemd" not in told


def test_a_kept_file_that_is_not_there_is_said(context: Context, tmp_path: Path) -> None:
    configure(context, passphrase_file=tmp_path / "nowhere")
    with pytest.raises(SecretFileUnusable):
        context.passphrase("els")


def test_a_command_gives_its_first_line_and_reads_no_shell() -> None:
    program = "import sys; print(sys.argv[1]); print('second')"
    assert secret_of_command((PYTHON, "-c", program, "vier $HOME; exit é")) == "vier $HOME; exit é"


@pytest.mark.parametrize(
    "command",
    [
        ("no-such-program-anywhere",),
        (PYTHON, "-c", "raise SystemExit(3)"),
        (PYTHON, "-c", "print('x'); raise SystemExit(3)"),
        (PYTHON, "-c", ""),
        (PYTHON, "-c", "print()"),
        (PYTHON, "-c", "import sys; sys.stdout.buffer.write(b'\\xff\\xfe\\n')"),
        (PYTHON, "-c", "print('x' * 10_000_000)"),
        (PYTHON, "-c", "while True: print('x' * 1000)"),
        (PYTHON, "-c", "input(); print('asked and answered')"),
    ],
)
def test_a_command_that_gives_no_passphrase_is_said(command: tuple[str, ...]) -> None:
    with pytest.raises(SecretCommandFailed):
        secret_of_command(command, seconds=20)


def test_a_command_that_stands_still_is_ended() -> None:
    with pytest.raises(SecretCommandFailed):
        secret_of_command((PYTHON, "-c", "import time; time.sleep(60)"), seconds=0.5)
    with pytest.raises(SecretCommandFailed):
        closed = "import os, time; os.close(1); time.sleep(60)"
        secret_of_command((PYTHON, "-c", closed), seconds=0.5)


class TestKeyring:
    """With a backend of the keyring library that stands for the operating system's."""

    @pytest.fixture(autouse=True)
    def backend(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        keyring = pytest.importorskip("keyring", reason="install the extra 'keyring' to run this test")
        from keyring.backend import KeyringBackend
        from keyring.errors import KeyringLocked

        class Kept(KeyringBackend):
            priority = 1  # type: ignore[assignment]
            entries: ClassVar[dict[tuple[str, str], str]] = {("ocmw-intake", "els"): "uit de sleutelhanger"}

            def get_password(self, service: str, username: str) -> str | None:
                if username == "locked":
                    raise KeyringLocked("locked")
                return self.entries.get((service, username))

            def set_password(self, service: str, username: str, password: str) -> None:
                raise NotImplementedError

            def delete_password(self, service: str, username: str) -> None:
                raise NotImplementedError

        before = keyring.get_keyring()
        keyring.set_keyring(Kept())
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
        yield
        keyring.set_keyring(before)

    def test_it_is_asked_when_it_is_named(self, context: Context) -> None:
        configure(context, keyring=True)
        assert context.passphrase("els") == "uit de sleutelhanger"
        assert secret_of_keyring("tom") is None

    def test_a_locked_one_is_said(self) -> None:
        with pytest.raises(KeyringUnusable):
            secret_of_keyring("locked")

    def test_without_a_terminal_nothing_is_asked_that_might_ask(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
        with pytest.raises(KeyringUnusable):
            secret_of_keyring("els")
