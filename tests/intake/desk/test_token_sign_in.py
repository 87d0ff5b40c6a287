"""A poll end to end by a token, for whoever may poll; renewed refresh tokens are kept, and no secret goes astray."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intake.config import MailboxConfig, OfficeSettings
from intake.desk import Desk
from intake.desk.office import MAILBOX_SECRET
from intake.errors import NotAllowed, WrongUse, sentence
from intake.mail import microsoft
from intake.mail.errors import MailboxTokenRefused
from intake.mail.microsoft import DeviceSignIn
from intake.mail.token_errors import SecretNotThere, SignInAnew
from intake.mail.ways import MailboxSecret, MicrosoftApp, MicrosoftDevice, OAuth, Password, TokenWay
from intake.rows import SECRETS
from intake.staff import Role
from tests.dovecot import Dovecot
from tests.intake.desk.conftest import DeskOffice
from tests.tokens import CLIENT, CLIENT_SECRET, TENANT, TokenServer, key_and_certificate

SECRET_OF_APP = MailboxSecret("microsoft-app", {"client_secret": CLIENT_SECRET})


class TokenOffice(DeskOffice):
    """An office whose mailbox is on the Dovecot that takes tokens."""

    def __init__(self, folder: Path, world: tuple[TokenServer, Dovecot], mailbox: str) -> None:
        super().__init__(folder, world[1], mailbox)
        self.endpoint = world[0]
        self.endpoint.user = mailbox
        self.endpoint.refresh_token = "vernieuw-0"
        self.endpoint.keeps_old = False
        self.endpoint.asked.clear()

    def sign_in_by(self, way: TokenWay, secret: MailboxSecret, desk: Desk | None = None) -> None:
        desk = desk or self.lead
        desk.settings.change(with_way(desk.settings.show(), way), mailbox_secret=secret)

    def microsoft(self, kind: type[MicrosoftApp] | type[MicrosoftDevice]) -> Any:
        at = self.endpoint
        return kind(tenant=TENANT, client_id=CLIENT, authority=at.url, ca_pem=at.ca_pem)

    def oauth(self, **more: Any) -> OAuth:
        at = self.endpoint
        return OAuth(client_id=CLIENT, token_url=at.token_url, ca_pem=at.ca_pem, **more)

    def sealed(self) -> MailboxSecret:
        return MailboxSecret.of_row(self.lead.office.secret(MAILBOX_SECRET))


def with_way(settings: OfficeSettings, way: TokenWay | Password) -> OfficeSettings:
    box = settings.mailbox.model_copy(update={"sign_in": way})
    return settings.model_copy(update={"mailbox": box})


@pytest.fixture
def office(
    tmp_path: Path, token_world: tuple[TokenServer, Dovecot], mailbox_user: str
) -> Iterator[TokenOffice]:
    office = TokenOffice(tmp_path, token_world, mailbox_user)
    yield office
    office.store.close()


def everything(office: TokenOffice) -> str:
    return "".join(
        path.read_bytes().decode("utf-8", "replace") for path in office.folder.rglob("*") if path.is_file()
    )


def test_a_poll_signs_in_as_an_application_and_takes_a_referral_in(office: TokenOffice) -> None:
    office.sign_in_by(office.microsoft(MicrosoftApp), SECRET_OF_APP)
    office.send()
    result = office.lead.polling.poll()
    assert (result.found, result.imported) == (1, 1)
    assert 3000 < (office.lead.polling.token_seconds or 0) <= 3600
    office.lead.polling.poll()
    assert len(office.endpoint.asked) == 1, "one token serves as long as it lasts"
    (token,) = [t for t, user in office.endpoint.good.items() if user == office.mailbox]
    kept = everything(office)
    assert token not in kept and CLIENT_SECRET not in kept


def test_the_service_account_polls_by_certificate(office: TokenOffice) -> None:
    pem, office.endpoint.certificate = key_and_certificate()
    office.sign_in_by(office.microsoft(MicrosoftApp), MailboxSecret("microsoft-app", {"certificate": pem}))
    service = office.add("dienst", Role.SERVICE)
    office.send()
    assert service.polling.poll().imported == 1
    assert "PRIVATE KEY" not in everything(office)


def test_whoever_polls_keeps_the_refresh_token_that_rotates(office: TokenOffice) -> None:
    """An endpoint that ends the old one at once: lost, nobody could sign in any more."""
    way = office.oauth(grant="refresh-token")
    office.sign_in_by(way, MailboxSecret("oauth", {"refresh_token": "vernieuw-0"}))
    service = office.add("dienst", Role.SERVICE)
    assert service.polling.poll().found == 0
    first = office.sealed()
    assert first.parts["refresh_token"] == office.endpoint.refresh_token != "vernieuw-0"
    assert office.lead.polling.poll().found == 0, "a colleague goes on with it"
    assert office.sealed() != first
    assert service.polling.poll().found == 0
    assert office.endpoint.refresh_token == office.sealed().parts["refresh_token"]


def test_a_refresh_token_that_another_poller_renewed_meanwhile_is_taken_over(office: TokenOffice) -> None:
    way = office.oauth(grant="refresh-token")
    office.sign_in_by(way, MailboxSecret("oauth", {"refresh_token": "vernieuw-0"}))
    service = office.add("dienst", Role.SERVICE)
    slow = office.lead.polling._access.credential()
    assert service.polling.poll().found == 0
    assert not isinstance(slow, str)
    token = slow.token()
    assert token in office.endpoint.good
    office.endpoint.refresh_token = "ingetrokken"
    with pytest.raises(SignInAnew) as caught:
        slow.token(token)
    assert "vernieuw" not in sentence(caught.value)


def desk_anew(office: TokenOffice, desk: Desk) -> Desk:
    """As another process of the same user."""
    return office.desk_of(desk.office.session)


def test_a_person_confirms_a_code_and_the_pollers_go_on_with_it(
    office: TokenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = office.microsoft(MicrosoftDevice)
    office.endpoint.confirmed = office.endpoint.keeps_old = True
    try:
        office.sign_in_by(way, DeviceSignIn(way).ask())
    finally:
        office.endpoint.confirmed = False
    service = office.add("dienst", Role.SERVICE)
    before = office.sealed()
    assert service.polling.poll().found == 0
    assert office.sealed() == before, "the one of today is good for a long time"
    monkeypatch.setattr(microsoft, "today", lambda: "2099-01-01")
    assert desk_anew(office, service).polling.poll().found == 0
    assert office.sealed().parts == {"refresh_token": office.endpoint.refresh_token, "kept": "2099-01-01"}


def test_a_refresh_token_is_not_put_over_what_a_colleague_set_meanwhile(office: TokenOffice) -> None:
    way = office.oauth(grant="refresh-token")
    office.sign_in_by(way, MailboxSecret("oauth", {"refresh_token": "vernieuw-0"}))
    slow = office.lead.polling._access.credential()
    assert not isinstance(slow, str)
    colleague = office.add("ann", Role.ADMIN)
    settings = colleague.settings.show()
    colleague.settings.change(with_way(settings, Password()), mailbox_password=office.server.password)
    slow.token()
    assert office.sealed() == MailboxSecret.password(office.server.password)
    assert office.lead.polling.poll().found == 0


def test_a_test_of_the_mailbox_loses_no_refresh_token(office: TokenOffice) -> None:
    """It runs beside the desk and touches no store; what it renewed is kept afterwards."""
    way = office.oauth(grant="refresh-token")
    office.sign_in_by(way, MailboxSecret("oauth", {"refresh_token": "vernieuw-0"}))
    polling = office.lead.polling
    check = polling.checkup()
    findings = list(check.run())
    assert all(f.verdict.value in ("good", "less") for f in findings), findings
    assert office.sealed().parts["refresh_token"] == "vernieuw-0"
    assert polling.keep(check) is None
    assert office.sealed().parts["refresh_token"] == office.endpoint.refresh_token
    typed = MailboxSecret("oauth", {"refresh_token": office.endpoint.refresh_token, "client_secret": "x"})
    box = office.lead.settings.show().mailbox.model_copy(
        update={"sign_in": office.oauth(grant="refresh-token")}
    )
    check = polling.checkup(box, typed)
    list(check.run())
    renewed = polling.keep(check)
    assert renewed is not None
    assert renewed.parts == {"refresh_token": office.endpoint.refresh_token, "client_secret": "x"}
    assert office.sealed() != renewed, "what was only typed is not saved"


def test_an_old_secret_is_never_sent_to_another_place(office: TokenOffice) -> None:
    lead = office.lead.settings
    with pytest.raises(WrongUse):
        lead.change(with_way(lead.show(), office.microsoft(MicrosoftApp)))
    with pytest.raises(WrongUse):
        lead.change(with_way(lead.show(), office.oauth()), mailbox_password="geheim")
    office.sign_in_by(office.oauth(), MailboxSecret("oauth", {"client_secret": CLIENT_SECRET}))
    elsewhere = office.oauth().model_copy(update={"token_url": "https://elders.example/token"})
    with pytest.raises(WrongUse) as caught:
        lead.change(with_way(lead.show(), elsewhere))
    assert CLIENT_SECRET not in sentence(caught.value)
    lead.change(with_way(lead.show(), office.oauth(scope="imap")))
    assert office.lead.polling.poll().found == 0
    with pytest.raises(WrongUse):
        lead.change(with_way(lead.show(), Password()))
    with pytest.raises(WrongUse):
        lead.change(lead.show(), mailbox_secret=SECRET_OF_APP)
    logged = " ".join(str(e.detail) for e in office.store.journal.entries())
    assert "mailbox-secret" in logged and CLIENT_SECRET not in logged


def test_a_secret_of_another_way_is_told_and_not_used(office: TokenOffice) -> None:
    """As when somebody writes the settings without this program."""
    office.sign_in_by(office.oauth(), MailboxSecret("oauth", {"client_secret": CLIENT_SECRET}))
    for row in ({"password": "x"}, {"kind": "oauth"}, {"kind": "nog-nooit-gezien"}, ["x"]):
        with office.store.transaction(office.lead.office.session.signer) as tx:
            office.lead.office.put_secret(tx, MAILBOX_SECRET, row)
        with pytest.raises(SecretNotThere):
            office.lead.polling.poll()
    assert not office.endpoint.asked


def test_a_mailbox_that_takes_no_token_is_told_at_the_poll(office: TokenOffice) -> None:
    office.sign_in_by(office.microsoft(MicrosoftApp), SECRET_OF_APP)
    office.endpoint.user = "iemand-anders"
    with pytest.raises(MailboxTokenRefused):
        office.lead.polling.poll()


def test_who_may_set_it_is_who_may_set_the_mailbox(office: TokenOffice) -> None:
    admin, worker = office.add("ann", Role.ADMIN), office.add("jan", Role.SOCIAL_WORKER)
    office.sign_in_by(office.microsoft(MicrosoftApp), SECRET_OF_APP, admin)
    with pytest.raises(NotAllowed):
        office.sign_in_by(office.microsoft(MicrosoftApp), SECRET_OF_APP, worker)
    assert worker.polling.poll().found == 0
    row = office.store.snapshot().get(SECRETS, MAILBOX_SECRET)
    assert row is not None and CLIENT_SECRET not in str(row)


def test_settings_from_before_have_the_password_as_their_way() -> None:
    old = {"host": "mail.example", "port": 993, "user": "box"}
    assert MailboxConfig.model_validate(old).sign_in == Password()
    again = MailboxConfig.model_validate(MailboxConfig.model_validate(old).model_dump(mode="json"))
    assert again.sign_in == Password()


@pytest.mark.parametrize(
    "way",
    [
        {"kind": "oauth", "client_id": "x", "token_url": "http://127.0.0.1/token"},
        {"kind": "oauth", "client_id": "x", "token_url": "https://u:p@host/token"},
        {"kind": "oauth", "client_id": "x", "token_url": "https://host/token?secret=1"},
        {"kind": "oauth", "client_id": "a b", "token_url": "https://host/token"},
        {"kind": "microsoft-app", "client_id": "x", "tenant": "../common"},
        {"kind": "microsoft-app", "client_id": "x", "tenant": "t", "authority": "http://login.example"},
        {"kind": "microsoft-app", "client_id": "x", "tenant": "t", "client_secret": "hier-niet"},
        {"kind": "sms"},
    ],
)
def test_settings_that_would_send_a_secret_in_clear_or_hold_one_are_refused(way: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="sign_in"):
        MailboxConfig.model_validate({"host": "mail.example", "port": 993, "user": "box", "sign_in": way})
