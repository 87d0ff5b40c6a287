"""A place that gives tokens, and a Dovecot that asks it what they are good for."""

from collections.abc import Iterator

import pytest

from tests.conftest import require_or_skip
from tests.dovecot import Dovecot, installed
from tests.tokens import TokenServer


@pytest.fixture(scope="session")
def token_world() -> Iterator[tuple[TokenServer, Dovecot]]:
    """Both, for all tests below; each test uses accounts and tokens of its own."""
    if not installed():
        require_or_skip(
            "dovecot", "Dovecot is not installed: install the package dovecot-imapd to run this test."
        )
    with TokenServer() as tokens, Dovecot(introspection=tokens.introspection_url) as server:
        yield tokens, server


@pytest.fixture
def endpoint() -> Iterator[TokenServer]:
    """A place that gives tokens, alone."""
    with TokenServer() as tokens:
        yield tokens
