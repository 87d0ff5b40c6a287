"""The hand-over sheet: three forms, new files, nothing damaged, nothing left behind when it fails (P3)."""

import csv
import io
import json
import os
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from intake.client import Client, Consent
from intake.paperwork.handover import write_sheet
from intake.referral import Referral, State
from intake.rows import Note, Payload

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
REFERRAL = Referral(
    "D2026-0001",
    7,
    State.CASE_OPEN,
    NOW,
    NOW,
    Consent.CONFIRMED,
    case_number="2026/17",
    case_opened_on=date(2026, 11, 20),
)
CLIENT = Client("Łukasz", "Șahin-Đorđević & <b>Zoon</b>", "=Koestraat", "12", phone="+32470123456")
PAYLOAD = Payload(CLIENT, (Note(NOW, "jan", "attempt", "belt [/] liever ’s avonds"),))


def test_the_forms_hold_what_was_received_letter_for_letter(tmp_path):
    written = write_sheet(tmp_path / "uit", REFERRAL, PAYLOAD, "OCMW Voorbeeld", NOW)
    by_kind = {path.suffix: path for path in written}
    sheet = json.loads(by_kind[".json"].read_bytes())
    assert (sheet["first_name"], sheet["last_name"], sheet["phone"]) == (
        "Łukasz",
        CLIENT.last_name,
        CLIENT.phone,
    )
    head, row = csv.reader(io.StringIO(by_kind[".csv"].read_text(encoding="utf-8-sig")), delimiter=";")
    values = dict(zip(head, row, strict=True))
    assert values["phone"] == "+32470123456"
    assert values["street"] == "'=Koestraat"
    text = PdfReader(by_kind[".pdf"]).pages[0].extract_text()
    assert "Łukasz" in text
    assert "Șahin-Đorđević & <b>Zoon</b>" in text


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no file modes")
def test_only_this_user_may_read_it(tmp_path):
    for path in write_sheet(tmp_path, REFERRAL, PAYLOAD, "OCMW", NOW):
        assert path.stat().st_mode & 0o077 == 0


def test_an_earlier_sheet_is_not_overwritten_and_nothing_half_is_left(tmp_path):
    (tmp_path / "D2026-0001.csv").write_text("van gisteren")
    with pytest.raises(FileExistsError):
        write_sheet(tmp_path, REFERRAL, PAYLOAD, "OCMW", NOW)
    assert [p.name for p in tmp_path.iterdir()] == ["D2026-0001.csv"]
    assert (tmp_path / "D2026-0001.csv").read_text() == "van gisteren"
