"""Another way of signing in to the mailbox, chosen in Administration: its fields, its live test, and the code that is shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.config import MailboxConfig
from intake.desk.office import MAILBOX_SECRET
from intake.mail.ways import MailboxSecret, MicrosoftApp, MicrosoftDevice, OAuth
from tests.tokens import CLIENT, CLIENT_SECRET, TENANT, Refusal, TokenServer, key_and_certificate
from tests.tui.driving import Driver, fill, flat, notices, screens, shows, until
from tests.tui.office import LEAD, TestOffice, found_office
from tests.tui.test_office import administration, bar, front
from tui.dialogs.mailbox_check import MailboxCheckDialog
from tui.dialogs.mailbox_code import MailboxCodeDialog
from tui.dialogs.mailbox_settings import MailboxSettingsDialog
from tui.screens.office import OfficeScreen
from tui.widgets.choice import Choice
from tui.widgets.field import fields_of


@pytest.fixture
def endpoint() -> Iterator[TokenServer]:
    with TokenServer() as tokens:
        yield tokens


def shown(driver: Driver) -> set[str]:
    return {name for name, field in fields_of(driver.app.screen).items() if field.display}


async def choose(driver: Driver, name: str, code: str) -> None:
    """With the keys, as a person does."""
    control = fields_of(driver.app.screen)[name].control_widget
    assert isinstance(control, Choice)
    control.focus()
    await driver.press("home")
    for _ in range(10):
        if control.value == code:
            break
        await driver.press("down")
    await until(driver, lambda: control.value == code)
    await driver.pause()


def sealed(office: TestOffice) -> dict[str, str]:
    with office.desk(LEAD) as desk:
        return dict(desk.office.secret(MAILBOX_SECRET))


def way_of(office: TestOffice) -> object:
    with office.desk(LEAD) as desk:
        return desk.settings.show().mailbox.sign_in


async def test_each_way_shows_its_fields_and_is_put_in_force(tmp_path: Path, endpoint: TokenServer) -> None:
    office = found_office(tmp_path)
    ca = tmp_path / "ca.pem"
    ca.write_text(endpoint.ca_pem, encoding="ascii")
    async with screens(office, LEAD) as driver:
        await administration(driver, "o")
        await shows(driver, "Signs in by")
        await driver.press("w")
        await front(driver, MailboxSettingsDialog)
        await driver.pause()
        tokens = {"tenant", "client", "scope", "token-authority"}
        assert "password" in shown(driver) and not tokens & shown(driver)

        await choose(driver, "way", "microsoft-app")
        assert tokens | {"secret", "certificate"} <= shown(driver)
        assert not {"password", "token-url", "grant", "refresh", "anew"} & shown(driver)
        await fill(driver, "tenant", TENANT)
        await driver.press("f2")
        await until(driver, lambda: fields_of(driver.app.screen)["client"].has_class("-wrong"))
        await fill(driver, "client", CLIENT)
        await driver.press("f2")
        await shows(driver, "give its secret, so that the old one is not sent there")
        await fill(driver, "certificate", str(tmp_path / "bestaat-niet.pem"))
        await driver.press("f2")
        await shows(driver, "The certificate for signing in cannot be used.")
        pem, _certificate = key_and_certificate()
        (tmp_path / "app.pem").write_text(pem, encoding="ascii")
        await fill(driver, "certificate", str(tmp_path / "app.pem"))
        await fill(driver, "secret", CLIENT_SECRET)
        await driver.press("f2")
        await shows(driver, "Give a secret or a certificate, not both.")
        await fill(driver, "secret", "")
        await driver.press("f2")
        await front(driver, OfficeScreen)
        await shows(driver, "Microsoft 365, as an application")
        assert way_of(office) == MicrosoftApp(tenant=TENANT, client_id=CLIENT)
        assert set(sealed(office)) == {"kind", "certificate"}

        await driver.press("w")
        await front(driver, MailboxSettingsDialog)
        await choose(driver, "way", "oauth")
        assert {"token-url", "client", "grant", "secret"} <= shown(driver) and "tenant" not in shown(driver)
        await fill(driver, "token-url", "http://tokens.example/")
        await fill(driver, "client", CLIENT)
        await fill(driver, "secret", CLIENT_SECRET)
        await driver.press("f2")
        await until(driver, lambda: fields_of(driver.app.screen)["token-url"].has_class("-wrong"))
        await fill(driver, "token-url", endpoint.token_url)
        await fill(driver, "token-authority", str(ca))
        await driver.press("f2")
        await front(driver, OfficeScreen)
        way = OAuth(client_id=CLIENT, token_url=endpoint.token_url, ca_pem=endpoint.ca_pem)
        assert way_of(office) == way
        assert sealed(office) == {"kind": "oauth", "client_secret": CLIENT_SECRET}

        await driver.press("w")
        await front(driver, MailboxSettingsDialog)
        assert fields_of(driver.app.screen)["secret"].text == "", "it is never shown"
        await fill(driver, "scope", "imap")
        await driver.press("f2")
        await front(driver, OfficeScreen)
        assert way_of(office) == way.model_copy(update={"scope": "imap"})
        assert sealed(office)["client_secret"] == CLIENT_SECRET, "empty is unchanged"
        assert not any("geheim~" in text for text in (flat(driver), *notices(driver)))


async def test_a_code_is_shown_until_it_is_confirmed_and_can_be_stopped(
    tmp_path: Path, endpoint: TokenServer
) -> None:
    way = MicrosoftApp(tenant=TENANT, client_id=CLIENT, authority=endpoint.url, ca_pem=endpoint.ca_pem)
    device = MicrosoftDevice(**way.model_dump(exclude={"kind", "scope"}))
    office = found_office(tmp_path, MailboxConfig(host="127.0.0.1", port=1, user="box", poll_seconds=3600))
    with office.desk(LEAD) as desk:
        settings = desk.settings.show()
        box = settings.mailbox.model_copy(update={"sign_in": device})
        old = MailboxSecret("microsoft-device", {"refresh_token": "oud", "kept": "2026-01-01"})
        desk.settings.change(settings.model_copy(update={"mailbox": box}), mailbox_secret=old)
    async with screens(office, LEAD, size=(80, 24)) as driver:
        await administration(driver, "o")
        await driver.press("w")
        await front(driver, MailboxSettingsDialog)
        await driver.pause()
        assert {"tenant", "client", "anew"} <= shown(driver) and "secret" not in shown(driver)
        fields_of(driver.app.screen)["anew"].text = "yes"
        endpoint.refuses = Refusal("unauthorized_client", 7000218)
        await driver.press("f2")
        await front(driver, MailboxCodeDialog)
        await shows(driver, "✖ The sign-in service does not know this application")
        await driver.press("escape")
        await front(driver, MailboxSettingsDialog)
        await shows(driver, "✖ The code has not been confirmed yet.")
        endpoint.refuses = None
        await driver.press("f2")
        await front(driver, MailboxCodeDialog)
        await shows(driver, "https://login.example/toestel", "BLAUW-42", "Esc stops it")
        assert bar(driver)[0] == "Esc"
        await driver.press("escape")
        await front(driver, MailboxSettingsDialog)
        assert sealed(office)["refresh_token"] == "oud"

        endpoint.confirmed = True
        await driver.press("ctrl+t")
        await front(driver, MailboxCheckDialog)
        await shows(driver, "✖ connection: Nothing listens on port 1")
        await driver.press("escape")
        await front(driver, MailboxSettingsDialog)
        asked = len(endpoint.asked)
        await driver.press("f2")
        await front(driver, OfficeScreen)
        assert len(endpoint.asked) == asked, "the code that was confirmed for the test serves"
        assert sealed(office)["refresh_token"] == endpoint.refresh_token
        assert not any("vernieuw-" in text for text in (flat(driver), *notices(driver)))
