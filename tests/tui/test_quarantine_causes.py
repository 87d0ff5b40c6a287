"""Each cause of the quarantine, from the bytes of a mail to what the team lead reads on the screen."""

from datetime import UTC, datetime
from pathlib import Path

from intake.archive import Member, pack
from intake.causes import CAUSE_TITLES, WHAT_TO_DO, Cause
from intake.config import MailboxConfig
from intake.demo.server import DemoServer
from tests.intake.mail.wrapping import enveloped, pkcs7_mail
from tests.journeys.mails import form, mail
from tests.sevenzip import SevenZip
from tests.tui.driving import screens, shows, until
from tests.tui.office import LEAD, found_office
from tui.screens.quarantine import QuarantineScreen

SECRET = "geheim"  # the archive passphrase of the tests' office
PASSWORD = "paars tafelkleed"
GOOD = "Voornaam: An\nNaam: Janssens\nTel: 0470 12 34 56\n"


def _in_archive(data: bytes | str, secret: str = SECRET) -> bytes:
    raw = data.encode() if isinstance(data, str) else data
    return mail(("fiche.7z", pack([Member("fiche.txt", raw)], secret)))


STAMP = (
    b"Authentication-Results: mx.ocmw.example; dmarc=pass header.from=opgroeien.be\r\n"
    b"Received: from mail.opgroeien.be by mx.ocmw.example with ESMTPS; Fri, 20 Nov 2026 10:00:00 +0100\r\n"
)
"""What the office's own mail server puts on top of a mail that it took for genuine."""

BOUNCE = (
    b"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.ocmw.example\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=rr\r\n\r\n"
    b"--rr\r\nContent-Type: text/plain\r\n\r\nUw bericht kon niet worden afgeleverd.\r\n"
    b"--rr\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.ocmw.example\r\n\r\n"
    b"Final-Recipient: rfc822; team@opgroeien.be\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
    b"--rr\r\nContent-Type: message/rfc822\r\n\r\n"
    + mail(("melding.7z", pack([Member("m.txt", b"x")], SECRET)))
    + b"\r\n--rr--\r\n"
)
"""One of our own drafts comes back, with its archive in it."""


def _too_deep() -> bytes:
    """A mail of which the parts hold one another thirty times."""
    head = b"From: lien@opgroeien.be\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    body = b"Content-Type: text/plain\r\n\r\nx\r\n"
    for depth in range(30):
        mark = b"b%d" % depth
        body = b'Content-Type: multipart/mixed; boundary="%b"\r\n\r\n--%b\r\n%b\r\n--%b--\r\n' % (
            *(mark, mark),
            body,
            mark,
        )
    return head + body


SEEN = {
    Cause.LOOK_ALIKE_SENDER: ("opgroelen.be", "opgroeien.be"),
    Cause.SEVERAL_SENDERS: ("lien@opgroeien.be, jan@elders.example",),
}
"""What of a doubtful sender stands beside it."""


def mails(sevenzip: SevenZip) -> dict[Cause, bytes]:
    name, fiche = form()
    archive = pack([Member(name, fiche)], SECRET)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    weak = sevenzip.pack({name: fiche}, "-mem=ZipCrypto", passphrase=SECRET, kind="zip")
    many = {f"{number}.txt": b"x" for number in range(120)}
    return {
        Cause.NO_ARCHIVE: mail(),
        Cause.NOT_ENCRYPTED: mail((name, fiche)),
        Cause.WEAK_ENCRYPTION: mail(("fiche.zip", weak)),
        Cause.UNSUPPORTED_METHOD: mail(
            ("fiche.7z", sevenzip.pack({name: fiche}, "-m0=PPMd", passphrase=SECRET))
        ),
        Cause.UNKNOWN_PASSPHRASE: _in_archive(fiche, "heel andere zin"),
        Cause.DAMAGED: mail(("fiche.7z", archive[: len(archive) // 2])),
        Cause.OVER_LIMIT: mail(("fiche.7z", sevenzip.pack(many, passphrase=SECRET))),
        Cause.UNREADABLE_FORM: _in_archive(b"%PDF-1.7\n" + bytes(range(256)) * 4),
        Cause.UNSUPPORTED_FORM: _in_archive(ole),
        Cause.OLD_WORD_FORMAT: _in_archive(ole + "WordDocument".encode("utf-16-le") + bytes(64)),
        Cause.SCAN: _in_archive(b"\x89PNG\r\n\x1a\n" + bytes(100)),
        Cause.EMPTY_ARCHIVE: mail(("fiche.7z", sevenzip.pack({"leeg.txt": b""}, passphrase=SECRET))),
        Cause.MISSING_NAME: _in_archive("Tel: 0470 12 34 56\n"),
        Cause.MISSING_CONTACT: _in_archive("Voornaam: An\nNaam: Janssens\n"),
        Cause.UNCLEAR_FORM: _in_archive(GOOD + "Naam: Peeters\n"),
        Cause.UNCLEAR_CONSENT: _in_archive(GOOD + "\nCliënt weet niet of ze akkoord gaat\n"),
        Cause.UNKNOWN_SENDER: mail(("fiche.7z", archive), sender="lien@elders.example"),
        Cause.UNREADABLE_MESSAGE: _too_deep(),
        Cause.SPECIAL_CATEGORY: _in_archive(GOOD + "Opmerking: heeft een depressie\nToestemming: ja\n"),
        Cause.LOOK_ALIKE_SENDER: mail(("fiche.7z", archive), sender="lien@opgroelen.be"),
        Cause.SEVERAL_SENDERS: mail(("fiche.7z", archive), sender="lien@opgroeien.be, jan@elders.example"),
        Cause.NOT_AUTHENTIC: STAMP.replace(b"dmarc=pass", b"dmarc=fail") + mail(("fiche.7z", archive)),
        Cause.AUTO_REPLY: b"Auto-Submitted: auto-replied\r\n" + mail(subject="Afwezig"),
        Cause.BOUNCE: BOUNCE,
        Cause.SMIME_ENCRYPTED: pkcs7_mail(
            enveloped(mail(("fiche.7z", archive))), "enveloped-data", b"From: lien@opgroeien.be\r\n"
        ),
    }


async def test_every_cause_from_the_mail_to_the_screen(tmp_path: Path, sevenzip: SevenZip) -> None:
    made = mails(sevenzip)
    assert set(made) == set(Cause)
    with DemoServer(tmp_path, "box@ocmw.example", PASSWORD) as server:
        box = MailboxConfig(
            host="127.0.0.1",
            port=server.port,
            user="box@ocmw.example",
            ca_pem=server.ca_file.read_text(encoding="ascii"),
            poll_seconds=3600,
        )
        office = found_office(tmp_path, box, PASSWORD, senders=("opgroeien.be",))
        office.clock.now = datetime.now(UTC)
        for cause, raw in made.items():
            server.deliver(raw if cause is Cause.NOT_AUTHENTIC else STAMP + raw, office.clock.now)
        with office.desk(LEAD) as desk:
            strict = {"authenticity": "require", "authentication_server": "mx.ocmw.example"}
            desk.settings.change(desk.settings.show().model_copy(update=strict))
            assert desk.polling.poll().quarantined == len(made)
            found = {item.id: item.cause for item in desk.quarantine.items()}
        assert list(found.values()) == list(made)
        async with screens(office, LEAD, size=(120, 36)) as driver:
            await driver.press("f6")
            await until(
                driver, lambda: isinstance(driver.app.screen, QuarantineScreen) and driver.app.screen.current
            )
            for item, cause in found.items():
                await shows(driver, item, CAUSE_TITLES[cause], WHAT_TO_DO[cause], *SEEN.get(cause, ()))
                if cause is Cause.BOUNCE:
                    await driver.press("enter")
                    await shows(driver, "team@opgroeien.be: failed 5.1.1")
                    await driver.press("escape")
                    await shows(driver, WHAT_TO_DO[cause])
                await driver.press("j")
