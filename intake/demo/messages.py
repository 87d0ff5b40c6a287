"""The sample mails of the demonstration: referrals as they should be, unusual ones, and faulty ones, with the truth.

The same seed gives the same mails, but for the encryption's own randomness. Forms are made in `forms.py`, archives in
`archives.py`, what is wrong with a faulty mail in `scenarios.py`.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from intake.client import Client, Consent
from intake.demo.archives import keys_derived_once
from intake.demo.forms import FORM_KINDS
from intake.demo.people import make_member
from intake.demo.scenarios import FAULTS, UNUSUAL, Letter, Scenario, Workbench, referral
from intake.workdays import BRUSSELS, Calendar

__all__ = ["DEFAULT_COUNT", "REFERRAL", "SampleMessage", "sample_messages"]

DEFAULT_COUNT = 40
REFERRAL = "referral"
"""What is expected of a mail that becomes one referral for each of its clients."""

_WORKING_DAYS = 8
_OPENS, _CLOSES = time(8, 10), time(16, 50)
_TO = "doorverwijzingen@ocmw.example.be"
_GREETINGS = ("Beste collega,", "Geachte,", "Beste,", "Goedemorgen,", "Dag collega's,")
_BODIES = (
    "In bijlage vindt u een doorverwijzing. Het bestand is versleuteld zoals afgesproken.",
    "Hierbij bezorg ik u een nieuwe doorverwijzing in de beveiligde bijlage. Neemt u contact op met de cliënt?",
    "Ik stuur u in bijlage een fiche door. De wachtwoordzin is de afgesproken zin.",
    "In overleg met de cliënt bezorgen wij u de gegevens in bijlage. Alvast bedankt voor de opvolging.",
)
_CLOSINGS = ("Met vriendelijke groeten", "Vriendelijke groet", "Hartelijk dank en vriendelijke groeten")


@dataclass(frozen=True, slots=True)
class SampleMessage:
    """One mail and what is known to be true of it.

    `expected` is `REFERRAL` or a code of `intake.causes.Cause`. `clients` are those on its forms, also of a faulty mail.
    `received_at` is aware (UTC offset of Brussels).
    """

    raw: bytes = field(repr=False)
    received_at: datetime
    expected: str
    clients: tuple[Client, ...] = field(repr=False)
    consent: Consent
    scenario: str
    kinds: tuple[str, ...]


def sample_messages(count: int, seed: int, passphrase: str, now: datetime) -> list[SampleMessage]:
    """`count` mails received over the last working days before `now` (aware), oldest first.

    One in ten is faulty and one in ten unusual; from `DEFAULT_COUNT` on every fault and every unusual case occurs at
    least once. The archives open with `passphrase`, but for one.
    """
    rng = random.Random(seed)  # noqa: S311 - sample data; the encryption draws from the system
    scenarios = _scenarios(count, rng)
    kinds = _kinds(count, rng)
    moments = _moments(count, now, rng)
    with keys_derived_once():
        return [
            _message(scenario, kind, moment, rng.getrandbits(64), passphrase)
            for scenario, kind, moment in zip(scenarios, kinds, moments, strict=True)
        ]


def _scenarios(count: int, rng: random.Random) -> list[Scenario]:
    each = count // 10
    chosen: list[Scenario] = []
    for group in (FAULTS, UNUSUAL):
        wanted = max(each, len(group)) if count >= DEFAULT_COUNT else each
        chosen += [group[number % len(group)] for number in range(wanted)]
    chosen += [referral] * (count - len(chosen))
    rng.shuffle(chosen)
    return chosen


def _kinds(count: int, rng: random.Random) -> list[str]:
    """Every kind in turn, in an order that changes from round to round."""
    kinds: list[str] = []
    while len(kinds) < count:
        kinds += rng.sample(FORM_KINDS, len(FORM_KINDS))
    return kinds[:count]


def _moments(count: int, now: datetime, rng: random.Random) -> list[datetime]:
    """Moments in the opening hours of the last working days, oldest first and none after `now`."""
    calendar = Calendar()
    latest = now.astimezone(BRUSSELS)
    days: list[tuple[datetime, int]] = []
    day = latest.date()
    while len(days) < _WORKING_DAYS:
        opens = datetime.combine(day, _OPENS, BRUSSELS)
        if calendar.is_working_day(day) and opens < latest:
            closes = min(datetime.combine(day, _CLOSES, BRUSSELS), latest)
            days.append((opens, int((closes - opens).total_seconds())))
        day -= timedelta(days=1)
    moments = []
    for _ in range(count):
        opens, seconds = rng.choice(days)
        moments.append(opens + timedelta(seconds=rng.randint(0, seconds)))
    return sorted(moments)


def _message(
    scenario: Scenario, kind: str, received_at: datetime, seed: int, passphrase: str
) -> SampleMessage:
    # Each mail has its own randomness: what one needs does not shift the next.
    rng = random.Random(seed)  # noqa: S311 - sample data
    member = make_member(rng)
    bench = Workbench(rng, kind, passphrase, member, received_at.date())
    letter = scenario(bench)
    return SampleMessage(
        raw=_mail(letter, bench, received_at),
        received_at=received_at,
        expected=letter.cause or REFERRAL,
        clients=letter.clients,
        consent=letter.consent,
        scenario=scenario.__name__,
        kinds=tuple(bench.kinds),
    )


def _mail(letter: Letter, bench: Workbench, received_at: datetime) -> bytes:
    rng, member = bench.rng, bench.member
    address = letter.sender or member.email
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((member.name, address))
    message["To"] = _TO
    message["Subject"] = rng.choice(
        ("Doorverwijzing", "Doorverwijzing", "Nieuwe doorverwijzing", "Doorverwijzing OCMW")
    )
    message["Date"] = format_datetime(received_at - timedelta(seconds=rng.randint(2, 90)))
    message["Message-ID"] = f"<{rng.getrandbits(96):024x}@{address.partition('@')[2]}>"
    lines = (
        rng.choice(_GREETINGS),
        "",
        letter.body or rng.choice(_BODIES),
        "",
        rng.choice(_CLOSINGS),
        member.name,
        f"{member.function} - lokaal team Kind en Gezin Menen-Wervik",
    )
    message.set_content("\n".join(lines) + "\n", cte="quoted-printable")
    for name, content in letter.attachments:
        message.add_attachment(content, maintype="application", subtype=_subtype(name), filename=name)
    if letter.attachments:
        # Without this the boundary would be drawn from the process's own randomness.
        message.set_boundary(f"=_{rng.getrandbits(96):024x}")
    return message.as_bytes()


def _subtype(name: str) -> str:
    types = {"7z": "x-7z-compressed", "zip": "zip", "pdf": "pdf"}
    return types.get(name.rpartition(".")[2], "octet-stream")
