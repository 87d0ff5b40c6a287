"""Signing in to a mailbox by a token: a real Dovecot that asks what the token is good for, and Exchange's own words."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from intake.errors import MailboxError, sentence
from intake.mail.check import CheckStep, MailboxCheck, Verdict
from intake.mail.connection import Connection
from intake.mail.errors import (
    MailboxAsksToWait,
    MailboxBusy,
    MailboxNotConnected,
    MailboxNoTokens,
    MailboxProtocol,
    MailboxSignIn,
    MailboxSignInOrToken,
    MailboxTokenRefused,
    MailboxUnreachable,
    MailboxWantsToken,
    translated_sign_in,
)
from intake.mail.mailbox import Mailbox
from intake.mail.sasl import Mechanism, Refused, mechanism_for, sign_in_with
from intake.mail.signin import MailboxSettings, TokenSource, connect, secure_connection
from intake.mail.token_errors import TokenServerUnreachable
from intake.mail.tokens import Tokens
from intake.mail.ways import MailboxSecret, OAuth
from tests.dovecot import PASSWORD, Dovecot
from tests.intake.mail.exchange import Exchange
from tests.tokens import CLIENT, CLIENT_SECRET, TokenServer


class Fixed:
    """Tokens in the order given, the next one when one was refused; the last one again and again."""

    def __init__(self, *tokens: str, microsoft: bool = False) -> None:
        self._left = list(tokens)
        self.microsoft = microsoft
        self.refused: list[str] = []

    def token(self, refused: str | None = None) -> str:
        if refused is not None:
            self.refused.append(refused)
            if len(self._left) > 1:
                del self._left[0]
        return self._left[0]


_tokens = count(1)


def good(world: tuple[TokenServer, Dovecot], user: str) -> str:
    """A new token that is good for a user."""
    token = f"goed-{next(_tokens)}-" + "y" * 1500
    world[0].good[token] = user
    return token


def refusal(settings: MailboxSettings, tokens: TokenSource, *secrets: str) -> MailboxError:
    with pytest.raises(MailboxError) as caught:
        connect(settings, tokens)
    error = caught.value
    assert error.__context__ is None or (error.__cause__ is None and error.__suppress_context__)
    for word in (*secrets, "geheime woorden", "AUTHENTICATE"):
        assert word not in sentence(error) + repr(error) + str(error.values)
    return error


# -- a real Dovecot ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mechanism", list(Mechanism))
def test_a_token_opens_the_mailbox_by_either_mechanism(
    token_world: tuple[TokenServer, Dovecot], mailbox_user: str, mechanism: Mechanism
) -> None:
    token, settings = good(token_world, mailbox_user), token_world[1].settings(mailbox_user)
    with translated_sign_in(settings.host, settings.port):
        connection = secure_connection(settings)
        sign_in_with(connection, mechanism, mailbox_user, token)
    assert connection.folder_status("INBOX", ["MESSAGES"]) == {b"MESSAGES": 0}
    connection.logout()


def test_oauthbearer_is_preferred_but_for_microsoft(
    token_world: tuple[TokenServer, Dovecot], mailbox_user: str
) -> None:
    connection = secure_connection(token_world[1].settings(mailbox_user))
    assert mechanism_for(connection, microsoft=False) is Mechanism.OAUTHBEARER
    assert mechanism_for(connection, microsoft=True) is Mechanism.XOAUTH2
    connection.logout()


@pytest.mark.parametrize("mechanism", list(Mechanism))
def test_after_a_refused_token_the_same_connection_takes_a_good_one(
    token_world: tuple[TokenServer, Dovecot], mailbox_user: str, mechanism: Mechanism
) -> None:
    """The challenge that says why is answered as each mechanism asks: otherwise the NO never comes, or the token goes
    over the line again."""
    settings = token_world[1].settings(mailbox_user)
    connection: Connection = secure_connection(settings)
    for _ in range(2):
        with pytest.raises(Refused):
            sign_in_with(connection, mechanism, mailbox_user, "fout")
    sign_in_with(connection, mechanism, mailbox_user, good(token_world, mailbox_user))
    connection.noop()
    connection.logout()


@pytest.mark.parametrize("microsoft", [False, True])
def test_a_refused_token_is_renewed_once_and_tried_again(
    token_world: tuple[TokenServer, Dovecot], mailbox_user: str, microsoft: bool
) -> None:
    tokens = Fixed("verlopen", good(token_world, mailbox_user), microsoft=microsoft)
    with Mailbox.open(token_world[1].settings(mailbox_user), tokens) as mailbox:
        assert "INBOX" in mailbox.folders()
    assert tokens.refused == ["verlopen"]


@pytest.mark.parametrize("microsoft", [False, True])
def test_a_token_that_stays_refused_has_its_sentence(
    token_world: tuple[TokenServer, Dovecot], mailbox_user: str, microsoft: bool
) -> None:
    tokens = Fixed("fout-geheim", microsoft=microsoft)
    error = refusal(token_world[1].settings(mailbox_user), tokens, "fout-geheim")
    assert type(error) is MailboxTokenRefused and error.exit_code == 5
    assert tokens.refused == ["fout-geheim"], "once"


def test_a_token_of_another_mailbox_is_refused(
    token_world: tuple[TokenServer, Dovecot], mailbox_user: str
) -> None:
    token = good(token_world, "iemand-anders")
    assert type(refusal(token_world[1].settings(mailbox_user), Fixed(token), token)) is MailboxTokenRefused


def test_a_token_that_ran_out_on_the_server_is_renewed_at_the_next_connection(
    token_world: tuple[TokenServer, Dovecot], mailbox_user: str
) -> None:
    """As in a session of weeks: the clock says it is good, the server says no."""
    endpoint, server = token_world
    endpoint.user = mailbox_user
    way = OAuth(client_id=CLIENT, token_url=endpoint.token_url, ca_pem=endpoint.ca_pem)
    tokens = Tokens(way, MailboxSecret("oauth", {"client_secret": CLIENT_SECRET}))
    with Mailbox.open(server.settings(mailbox_user), tokens) as mailbox:
        first = tokens.token()
        del endpoint.good[first]
        mailbox.noop()  # this session goes on
    with Mailbox.open(server.settings(mailbox_user), tokens) as mailbox:
        assert mailbox.scan("INBOX") == []
    assert tokens.token() != first


def test_the_live_test_signs_in_by_a_token_and_says_what_is_wrong(
    token_world: tuple[TokenServer, Dovecot], mailbox_user: str
) -> None:
    settings = token_world[1].settings(mailbox_user)
    found = {f.step: f for f in MailboxCheck(settings, Fixed(good(token_world, mailbox_user))).run()}
    assert (
        found[CheckStep.SIGN_IN].verdict is Verdict.GOOD and found[CheckStep.UIDPLUS].verdict is Verdict.GOOD
    )
    found = {f.step: f for f in MailboxCheck(settings, Fixed("fout")).run()}
    assert found[CheckStep.SIGN_IN].verdict is Verdict.BAD
    assert "token" in found[CheckStep.SIGN_IN].said
    assert found[CheckStep.FOLDERS].verdict is Verdict.SKIPPED


def test_a_server_without_tokens_is_said(dovecot: Dovecot, mailbox_user: str) -> None:
    error = refusal(dovecot.settings(mailbox_user), Fixed("ongebruikt"))
    assert type(error) is MailboxNoTokens


def test_a_password_serves_where_tokens_are_taken_too(
    token_world: tuple[TokenServer, Dovecot], mailbox_user: str
) -> None:
    with Mailbox.open(token_world[1].settings(mailbox_user), PASSWORD) as mailbox:
        assert "INBOX" in mailbox.folders()


@pytest.mark.parametrize("user", ["", "a\x01auth=Bearer x", "a\r\nb"])
def test_an_account_that_no_line_can_hold_is_refused_without_sending_it(
    token_world: tuple[TokenServer, Dovecot], user: str
) -> None:
    assert type(refusal(token_world[1].settings(user), Fixed("ongebruikt"))) is MailboxSignIn


# -- Exchange's words -------------------------------------------------------------------------------------------------


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[Exchange]:
    with Exchange(tmp_path) as server:
        server.good.add("goed")
        yield server


def test_exchange_is_signed_in_to_with_xoauth2(exchange: Exchange) -> None:
    connect(exchange.settings, Fixed("fout", "goed", microsoft=True)).logout()
    assert next(line for line in exchange.heard if "AUTHENTICATE" in line).endswith("AUTHENTICATE XOAUTH2")
    assert "" in exchange.heard, "the challenge was answered with nothing"


def test_a_token_without_a_mailbox_names_three_things_to_check(exchange: Exchange) -> None:
    exchange.answer = lambda tag, command: (
        f"{tag} BAD User is authenticated but not connected." if command.startswith("STATUS") else None
    )
    error = refusal(exchange.settings, Fixed("goed", microsoft=True), "goed")
    assert type(error) is MailboxNotConnected
    said = sentence(error)
    assert all(word in error.template for word in ("address of a mailbox", "FullAccess", "scope"))
    found = {f.step: f for f in MailboxCheck(exchange.settings, Fixed("goed", microsoft=True)).run()}
    assert found[CheckStep.SIGN_IN].said == said


@pytest.mark.parametrize(
    ("milliseconds", "seconds"),
    [("299961", 299.961), ("5", 1.0), ("86400000", 3600.0), ("999999999999", 3600.0)],
)
@pytest.mark.parametrize("where", ["AUTHENTICATE", "STATUS", "LIST", "bye"])
def test_a_server_that_asks_to_wait_says_how_long(
    exchange: Exchange, where: str, milliseconds: str, seconds: float
) -> None:
    words = f"Request is throttled. Suggested Backoff Time: {milliseconds} milliseconds"

    def answer(tag: str, command: str) -> str | None:
        if where == "bye":
            return f"* BYE {words}" if command.startswith("STATUS") else None
        return f"{tag} BAD {words}" if command.startswith(where) else None

    exchange.answer = answer
    with (
        pytest.raises(MailboxAsksToWait) as caught,
        Mailbox.open(exchange.settings, Fixed("goed", microsoft=True)) as mailbox,
    ):
        assert where == "LIST"
        mailbox.folders()
    assert caught.value.wait_seconds == seconds
    assert isinstance(caught.value, MailboxBusy)
    assert "throttled" not in sentence(caught.value)


def test_a_server_that_cuts_the_sign_in_is_unreachable_and_no_refusal(exchange: Exchange) -> None:
    exchange.answer = lambda _tag, command: "" if command.startswith("AUTHENTICATE") else None
    assert type(refusal(exchange.settings, Fixed("goed", microsoft=True))) is MailboxUnreachable


def test_challenges_without_end_are_no_answer(exchange: Exchange) -> None:
    exchange.answer = lambda tag, command: (
        "+ " if "AUTHENTICATE" in command or " " not in f"{tag} {command}".strip() else None
    )
    assert type(refusal(exchange.settings, Fixed("goed", microsoft=True))) is MailboxProtocol


def test_a_server_that_takes_no_passwords_says_which_way_is_left(exchange: Exchange) -> None:
    exchange.capability = "IMAP4rev1 AUTH=XOAUTH2 LOGINDISABLED SASL-IR"
    with pytest.raises(MailboxWantsToken):
        connect(exchange.settings, "wachtwoord")
    assert "wachtwoord" not in str(exchange.heard)


def test_a_password_that_exchange_refuses_is_told_with_the_way_that_is_left(exchange: Exchange) -> None:
    with pytest.raises(MailboxSignInOrToken) as caught:
        connect(exchange.settings, "wachtwoord")
    assert isinstance(caught.value, MailboxSignIn) and "--sign-in" in sentence(caught.value)
    found = {f.step: f for f in MailboxCheck(exchange.settings, "wachtwoord").run()}
    assert found[CheckStep.SIGN_IN].said == sentence(caught.value)


def test_a_server_that_hangs_up_after_its_no_has_refused_the_token(exchange: Exchange) -> None:
    exchange.hangs_up = True
    tokens = Fixed("verlopen", "goed", microsoft=True)
    assert type(refusal(exchange.settings, tokens)) is MailboxTokenRefused
    connect(exchange.settings, tokens).logout()


def test_no_connection_is_made_without_a_token(exchange: Exchange) -> None:
    class Without(Fixed):
        def token(self, refused: str | None = None) -> str:
            raise TokenServerUnreachable(host="login.example")

    assert type(refusal(exchange.settings, Without("x"))) is TokenServerUnreachable
    assert exchange.heard == []
