"""Fixtures for all tests: the real mail server, one for each pytest worker, and a mailbox of its own for each test."""

import gc
import os
import re
import shutil
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import py7zr.compressor
import pytest

from intake.archive.keys import derive_key
from intake.isolated import kept
from tests.dovecot import Dovecot, installed
from tests.sevenzip import MISSING, SevenZip, program

_users = count(1)

# A worker holds a few hundred thousand objects for good, and looking through the young ones every 700 is a quarter of its
# time. It still looks, so that what was left open (`error::ResourceWarning`) is still found.
gc.set_threshold(50_000, 10, 10)

# No mail server of a test is vouched for by a public authority, and reading all of those costs 50 ms at each connection.
os.environ["SSL_CERT_FILE"] = os.devnull
# What is on loopback is reached without the proxy that a machine may have.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"


_LONGEST = (
    "test_hostile_and_sizes.py",
    "test_pictures.py",
    "test_kills.py",
    "test_in_a_terminal.py",
    "test_mailbox_to_outcome.py",
    "test_killed_at_any_moment.py",
    "test_store_many_hands.py",
    "test_random_lives.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: at the end every worker is still busy."""
    order = {name: number for number, name in enumerate(_LONGEST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


def pytest_collection_finish() -> None:
    """What is loaded by now stays: nothing to look through."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _archives_are_packed_quickly() -> Iterator[None]:
    """py7zr derives the key of each archive that the tests pack anew, twice, in a second; here once for each passphrase.

    Only its packing is touched. That our derivation gives py7zr's and 7-Zip's keys is shown in `tests/intake/archive`.
    """
    internals: Any = py7zr.compressor
    slowly = internals.calculate_key

    @cache
    def quickly(password: bytes, cycles: int, salt: bytes, digest: str) -> bytes:
        if digest != "sha256":
            return bytes(slowly(password, cycles, salt, digest))
        return derive_key(password.decode("utf-16-le"), salt, cycles)

    internals.calculate_key = quickly
    yield
    internals.calculate_key = slowly


@pytest.fixture(scope="session", autouse=True)
def _one_process_reads_for_all() -> Iterator[None]:
    """Starting it is a fifth of a second; what becomes of one that breaks is shown in `tests/intake/isolated`."""
    with kept():
        yield


def require_or_skip(part: str, sentence: str) -> None:
    """Skip with a sentence, or fail where this run says (OCMW_INTAKE_REQUIRE) that `part` must be there."""
    if part in re.split(r"[,\s]+", os.environ.get("OCMW_INTAKE_REQUIRE", "")):
        pytest.fail(sentence)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A running Dovecot with empty mailboxes for any user name."""
    if not installed():
        require_or_skip(
            "dovecot", "Dovecot is not installed: install the package dovecot-imapd to run this test."
        )
    with Dovecot() as server:
        yield server


@pytest.fixture
def sevenzip(tmp_path: Path) -> SevenZip:
    """The real 7-Zip."""
    found = program()
    if found is None:
        require_or_skip("7zz", MISSING)
    assert found is not None
    return SevenZip(found, tmp_path / "7z")


@pytest.fixture
def pdftocairo() -> str:
    """The program that prints a PDF to another, as a printer's "save as PDF" does."""
    found = shutil.which("pdftocairo")
    if found is None:
        require_or_skip("pdftocairo", "pdftocairo is not installed: install poppler-utils to run this test.")
    assert found is not None
    return found


@pytest.fixture
def mailbox_user(request: pytest.FixtureRequest) -> str:
    """A user name no other test has, so that its mailbox starts empty."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.lower()).strip("-")
    return f"{name[:60]}-{next(_users)}"
