"""What one's own mail server says of a sender: whose word counts, from where on, and which result of several."""

import pytest

from intake.mail.authenticity import MICROSOFT, Verdict, verdict
from intake.mail.headers import parse_headers

DOMAIN = "opgroeien.be"
IN = (
    "received",
    "from mail.opgroeien.be (mail.opgroeien.be [192.0.2.1]) by mx.ocmw.example (Postfix) with ESMTPS",
)
LMTP = ("received", "from mx.ocmw.example by imap.ocmw.example with LMTP id x")
AR = "authentication-results"


def said(*fields: tuple[str, str], server: str = "mx.ocmw.example", domain: str = DOMAIN) -> Verdict:
    return verdict(fields, server, domain)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("mx.ocmw.example; dmarc=pass header.from=opgroeien.be", Verdict.PASS),
        ("MX.ocmw.example 1; DMARC=Pass (p=none; dis=none) header.from=opgroeien.be", Verdict.PASS),
        (
            "mx.ocmw.example; dmarc=fail (p=reject) header.from=opgroeien.be; spf=pass smtp.mailfrom=opgroeien.be",
            Verdict.FAIL,
        ),
        ("mx.ocmw.example; dmarc=pass header.from=evil.example", Verdict.NONE),
        (
            "mx.ocmw.example; dmarc=none header.from=opgroeien.be; dkim=pass header.d=opgroeien.be",
            Verdict.PASS,
        ),
        ("mx.ocmw.example; dkim=pass header.i=@mail.opgroeien.be", Verdict.PASS),
        ("mx.ocmw.example; dkim=pass header.d=be", Verdict.NONE),
        ("mx.ocmw.example; dkim=pass header.d=evil.example", Verdict.NONE),
        ("mx.ocmw.example; dkim=pass header.d=notopgroeien.be", Verdict.NONE),
        ("mx.ocmw.example; dkim=pass header.d=evil.example; dkim=fail header.d=opgroeien.be", Verdict.FAIL),
        ("mx.ocmw.example; dkim=pass header.d=opgroeien.be; dkim=fail header.d=opgroeien.be", Verdict.FAIL),
        ('mx.ocmw.example; spf=pass smtp.mailfrom="lien@opgroeien.be"', Verdict.PASS),
        ("mx.ocmw.example; spf=softfail smtp.mailfrom=lien@opgroeien.be", Verdict.FAIL),
        ("mx.ocmw.example; dkim=temperror header.d=opgroeien.be", Verdict.NONE),
        ("mx.ocmw.example; none", Verdict.NONE),
        ("mx.ocmw.example; spf=none (dmarc=pass header.from=opgroeien.be)", Verdict.NONE),
        ('mx.ocmw.example; spf=none reason="; dmarc=pass header.from=opgroeien.be"', Verdict.NONE),
        ("mx.ocmw.example; dmarc=pass header.from=opgroeien.be; spf=pass (open", Verdict.NONE),
        ("(c (nested) c) mx.ocmw.example; dmarc/1=pass header.from=opgroeien.be", Verdict.PASS),
        ("mx.evil.example; dmarc=pass header.from=opgroeien.be", Verdict.NONE),
        ("dmarc=pass header.from=opgroeien.be", Verdict.NONE),
        ("", Verdict.NONE),
    ],
)
def test_one_field_of_the_server_itself(value: str, expected: Verdict) -> None:
    assert said((AR, value), IN) is expected


GOOD = (AR, "mx.ocmw.example; dmarc=pass header.from=opgroeien.be")
BAD = (AR, "mx.ocmw.example; dmarc=fail header.from=opgroeien.be")
SILENT = (AR, "mx.ocmw.example; dmarc=none header.from=opgroeien.be")


def test_only_what_stands_above_the_line_by_which_it_came_in_counts() -> None:
    assert said(IN, GOOD) is Verdict.NONE
    assert said(LMTP, GOOD, IN) is Verdict.PASS
    assert said(LMTP, IN, GOOD) is Verdict.NONE
    assert said(GOOD) is Verdict.NONE, "nothing tells where it came from"
    forged = ("received", "from mail.opgroeien.be by mx.ocmw.example with ESMTPS")
    assert said(LMTP, IN, GOOD, forged) is Verdict.NONE


def test_of_contradicting_fields_the_worst_counts() -> None:
    assert said(GOOD, BAD, IN) is said(BAD, GOOD, IN) is Verdict.FAIL
    assert said(GOOD, SILENT, IN) is Verdict.NONE
    # A stranger who names the greeting after our own house adds fields of his own, and ours still says what it says.
    posing = ("received", "from mx.ocmw.example (evil [192.0.2.9]) by mx.ocmw.example with ESMTP")
    assert said(BAD, posing, GOOD, IN) is Verdict.FAIL


def test_a_flood_of_fields_says_nothing() -> None:
    assert said(*[GOOD] * 21, IN) is Verdict.NONE
    assert said((AR, "mx.ocmw.example" + "; dmarc=pass header.from=opgroeien.be" * 60), IN) is Verdict.NONE


MS_IN = (
    "received",
    "from EUR05-AM6-obe.outbound.protection.outlook.com (40.107.1.1) by DB5EUR01FT0.mail.protection.outlook.com (10.1.1.1) "
    "with Microsoft SMTP Server",
)
MS_HOP = (
    "received",
    "from DB5EUR01FT0.eop-EUR01.prod.protection.outlook.com (2603::1) by DB9PR01CA0.outlook.office365.com (2603::2)",
)
MS_THEIRS = (
    "received",
    "from AM0PR0.eurprd0.prod.outlook.com by AM0PR1.eurprd0.prod.outlook.com with mapi id 15",
)
MS_GOOD = (
    AR,
    "spf=pass (sender IP is 40.107.1.1) smtp.mailfrom=opgroeien.be; dkim=pass (signature was verified) "
    "header.d=opgroeien.be;dmarc=pass action=none header.from=opgroeien.be;compauth=pass reason=100",
)


def test_microsofts_form_without_a_servers_name() -> None:
    assert said(MS_HOP, MS_GOOD, MS_IN, server=MICROSOFT) is Verdict.PASS
    bad = MS_GOOD[1].replace("dmarc=pass", "dmarc=fail").replace("compauth=pass", "compauth=fail")
    assert said(MS_HOP, (AR, bad), MS_IN, server=MICROSOFT) is Verdict.FAIL
    guess = "spf=none smtp.mailfrom=x.example; dmarc=bestguesspass action=none header.from=opgroeien.be;compauth=fail reason=001"
    assert said((AR, guess), MS_IN, server=MICROSOFT) is Verdict.FAIL
    named = (AR, "mx.evil.example; dmarc=pass header.from=opgroeien.be")
    assert said(named, MS_IN, server=MICROSOFT) is Verdict.NONE


def test_what_the_senders_own_microsoft_wrote_stays_outside() -> None:
    theirs = (
        AR,
        "dkim=none (message not signed) header.d=none;dmarc=none action=none header.from=opgroeien.be;",
    )
    assert said(MS_HOP, MS_GOOD, MS_IN, MS_THEIRS, theirs, server=MICROSOFT) is Verdict.PASS
    assert said(MS_HOP, MS_IN, MS_THEIRS, MS_GOOD, server=MICROSOFT) is Verdict.NONE


def test_the_way_it_came_is_read_from_a_folded_header_in_order() -> None:
    raw = (
        b"Return-Path: <x@y>\r\nAuthentication-Results: mx.ocmw.example;\r\n dmarc=pass\r\n header.from=opgroeien.be\r\n"
        b"Received: from mail.opgroeien.be\r\n\tby mx.ocmw.example; Fri, 20 Nov 2026 10:00:00 +0100\r\n"
        b"From: lien@opgroeien.be\r\n\r\n"
    )
    assert verdict(parse_headers(raw).source.trace, "mx.ocmw.example", DOMAIN) is Verdict.PASS


@pytest.mark.parametrize("piece", ["(", '"', "\\", ";", "=", "a=", "mx.ocmw.example;dmarc=", "((((", '"a'])
def test_hostile_fields_end_and_pass_nobody(piece: str) -> None:
    assert said((AR, piece * 4_000), IN) is not Verdict.PASS
    assert said(("received", piece * 4_000), GOOD, IN) is not Verdict.PASS
