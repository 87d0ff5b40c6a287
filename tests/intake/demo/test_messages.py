"""The sample mails: how many, of which kinds, with which faults, and that the faults are real."""

import email
import io
import random
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default

import py7zr
import py7zr.compressor
import pytest

from intake.archive import ArchiveError, KeyCache, Passphrase, open_archive
from intake.causes import Cause
from intake.client import Consent
from intake.demo.forms import FORM_KINDS
from intake.demo.messages import DEFAULT_COUNT, REFERRAL, SampleMessage, sample_messages
from intake.demo.scenarios import FAULTS, UNUSUAL
from intake.workdays import BRUSSELS, Calendar

PASSPHRASE = "paars tafelkleed regenboog"
KEYS = KeyCache()
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def samples() -> list[SampleMessage]:
    return sample_messages(DEFAULT_COUNT, 1, PASSPHRASE, NOW)


def opened(sample: SampleMessage) -> EmailMessage:
    message = email.message_from_bytes(sample.raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def attached(sample: SampleMessage) -> list[tuple[str, bytes]]:
    return [(part.get_filename() or "", part.get_content()) for part in opened(sample).iter_attachments()]


def members(archive: bytes) -> dict[str, bytes]:
    """What is in the archive, opened as the program opens it."""
    found = open_archive(archive, [Passphrase("agreed", PASSPHRASE)], keys=KEYS).members
    return {member.name: member.data for member in found}


def by_name(samples: list[SampleMessage], scenario: str) -> SampleMessage:
    return next(sample for sample in samples if sample.scenario == scenario)


def test_there_are_as_many_as_asked_oldest_first(samples: list[SampleMessage]) -> None:
    assert len(samples) == DEFAULT_COUNT >= 40
    assert [s.received_at for s in samples] == sorted(s.received_at for s in samples)


@pytest.mark.parametrize("count", [0, 1, 9, 25])
def test_a_small_number_holds_one_fault_in_ten(count: int) -> None:
    few = sample_messages(count, 2, PASSPHRASE, NOW)
    assert len(few) == count
    assert sum(sample.expected != REFERRAL for sample in few) == count // 10


def test_every_form_kind_every_fault_and_every_unusual_case_occurs(samples: list[SampleMessage]) -> None:
    assert {kind for sample in samples for kind in sample.kinds} == {*FORM_KINDS, "scan"}
    happened = Counter(sample.scenario for sample in samples)
    for scenario in (*FAULTS, *UNUSUAL):
        assert happened[scenario.__name__] >= 1
    assert happened["referral"] >= DEFAULT_COUNT // 2 - 1
    assert {Cause.NO_ARCHIVE, Cause.NOT_ENCRYPTED, Cause.UNKNOWN_PASSPHRASE, Cause.DAMAGED, Cause.SCAN} <= {
        sample.expected for sample in samples
    }


def test_they_come_in_on_working_days_in_opening_hours_and_never_after_now() -> None:
    for now in (NOW, datetime(2026, 1, 2, 7, 20, tzinfo=UTC), datetime(2026, 11, 22, 12, 0, tzinfo=UTC)):
        for sample in sample_messages(12, 3, PASSPHRASE, now):
            moment = sample.received_at.astimezone(BRUSSELS)
            assert Calendar().is_working_day(moment.date())
            assert 8 <= moment.hour < 17
            assert now - timedelta(days=21) < moment <= now


def test_the_same_seed_gives_the_same_mails_but_for_the_encryption(samples: list[SampleMessage]) -> None:
    again = sample_messages(DEFAULT_COUNT, 1, PASSPHRASE, NOW)
    for one, other in zip(samples, again, strict=True):
        assert (one.received_at, one.expected, one.clients, one.consent, one.scenario, one.kinds) == (
            other.received_at,
            other.expected,
            other.clients,
            other.consent,
            other.scenario,
            other.kinds,
        )
        assert opened(one).items() == opened(other).items()
        if one.scenario in ("referral", "two_forms"):
            assert [members(data) for _, data in attached(one)] == [
                members(data) for _, data in attached(other)
            ]
    assert sample_messages(3, 2, PASSPHRASE, NOW) != sample_messages(3, 4, PASSPHRASE, NOW)


def test_message_ids_differ(samples: list[SampleMessage]) -> None:
    assert len({opened(sample)["Message-ID"] for sample in samples}) == len(samples)


def test_what_is_not_encrypted_names_no_client(samples: list[SampleMessage]) -> None:
    for sample in samples:
        message = opened(sample)
        body = message.get_body(("plain",))
        assert body is not None
        shown = f"{message['Subject']} {[name for name, _ in attached(sample)]} {body.get_content()}"
        for client in sample.clients:
            for value in (client.street, client.phone, client.email, client.last_name):
                # The sender signs with a name of her own, which may happen to be the client's.
                if value and value not in str(message["From"].addresses[0].display_name):
                    assert value not in shown


def test_good_mails_come_from_the_trusted_domain_and_open_with_the_passphrase(
    samples: list[SampleMessage],
) -> None:
    for sample in samples:
        domain = opened(sample)["From"].addresses[0].domain
        assert (domain == "opgroeien.be") == (sample.expected != Cause.UNKNOWN_SENDER)
        if sample.expected == REFERRAL:
            forms = [data for _, archive in attached(sample) for data in members(archive).values()]
            assert len(forms) == len(sample.clients) == len(sample.kinds) >= 1


def test_names_inside_are_hidden_for_most_and_readable_for_some(samples: list[SampleMessage]) -> None:
    hidden = Counter[bool]()
    for sample in samples:
        if sample.expected == REFERRAL:
            for _, archive in attached(sample):
                try:
                    with py7zr.SevenZipFile(io.BytesIO(archive)) as listed:
                        hidden[not listed.getnames()] += 1
                except py7zr.exceptions.PasswordRequired:
                    hidden[True] += 1
    assert hidden[True] > hidden[False] >= 1


def test_an_archive_with_a_fault_is_refused_for_that_fault(samples: list[SampleMessage]) -> None:
    faulty = ("unknown_passphrase", "damaged", "unusual_method", "plain_archive", "plain_zip_archive")
    for sample in samples:
        if sample.scenario in faulty:
            [(_, archive)] = attached(sample)
            with pytest.raises(ArchiveError) as refused:
                members(archive)
            assert refused.value.cause == sample.expected, sample.scenario


def test_the_archives_that_are_not_encrypted_open_without_a_passphrase(samples: list[SampleMessage]) -> None:
    [(_, seven)] = attached(by_name(samples, "plain_archive"))
    with py7zr.SevenZipFile(io.BytesIO(seven)) as archive:
        assert len(archive.getnames()) == 1 and archive.testzip() is None
    [(_, zipped)] = attached(by_name(samples, "plain_zip_archive"))
    with zipfile.ZipFile(io.BytesIO(zipped)) as zip_archive:
        assert zip_archive.testzip() is None
    [(name, form)] = attached(by_name(samples, "form_in_clear"))
    assert name.endswith(".docx") and zipfile.is_zipfile(io.BytesIO(form))


def test_the_mail_without_archive_has_no_attachment(samples: list[SampleMessage]) -> None:
    assert attached(by_name(samples, "no_archive")) == []


def test_the_truth_of_unusual_cases_is_told(samples: list[SampleMessage]) -> None:
    assert by_name(samples, "consent_refused").consent is Consent.DISPUTED
    assert by_name(samples, "consent_not_stated").consent is Consent.NOT_STATED
    assert by_name(samples, "consent_withdrawn").consent is Consent.WITHDRAWN
    assert by_name(samples, "foreign_postcode").clients[0].postcode != "8940"
    assert by_name(samples, "missing_name").clients[0].last_name is None
    assert by_name(samples, "missing_contact").clients[0].phone is None
    first, second = by_name(samples, "two_forms").clients
    assert (first.street, first.house_number) == (second.street, second.house_number) and first != second
    assert len(attached(by_name(samples, "two_archives"))) == 2


def test_making_samples_leaves_neither_keys_nor_the_random_state_behind() -> None:
    derive, state = py7zr.compressor.calculate_key, random.getstate()
    sample_messages(3, 2, PASSPHRASE, NOW)
    assert py7zr.compressor.calculate_key is derive
    assert random.getstate() == state


def test_a_sample_shows_no_personal_data_of_itself(samples: list[SampleMessage]) -> None:
    for sample in samples:
        for client in sample.clients:
            assert client.street is None or client.street not in repr(sample)
