"""Senders that want to pass for a trusted one, and those that do not."""

import pytest

from intake.mail.headers import parse_headers
from intake.mail.lookalike import look_alike

CYRILLIC = "opgr\u043eeien"
TRUSTED = ("opgroeien.be", "lien.claes@wervik.be", "kg.be")


def seen(origin: str, trusted: tuple[str, ...] = TRUSTED) -> str | None:
    headers = parse_headers(f"From: {origin}\r\n\r\n".encode())
    found = look_alike(headers.source.origins, headers.sender, trusted)
    if found is not None:
        assert found.seen.isascii() and len(found.seen) <= 300
    return found.trusted if found else None


@pytest.mark.parametrize(
    "origin",
    [
        "lien@0pgroeien.be",
        "lien@opgroeien.com",
        "lien@opgroelen.be",
        "lien@opgroejen.be",
        "lien@opgoreien.be",
        "lien@opgroeienn.be",
        "lien@opgroein.be",
        "lien@opgroeien.bee",
        "lien@op-groeien.be",
        "lien@opgroeien-be.example",
        "lien@opgroeien.be.evil.example",
        "lien@mail.opgroeien.be.evil.example",
        "lien@opgroeien.evil.example",
        f"lien@xn--{CYRILLIC.encode('punycode').decode()}.be",
        "lien@\u043epgroeien.be",
        "lien@opgr\xf6eien.be",
        "lien@\u043e\u0440gr\u043e\u0435i\u0435n.be",
        "Lien <lien@opgroe\u0131en.be>",
        '"lien@opgroeien.be" <x@evil.example>',
        "lien@opgroeien.be <x@evil.example>",
        '"Kind en Gezin (opgroeien.be)" <x@evil.example>',
        "=?utf-8?q?lien=40opgroeien.be?= <x@evil.example>",
        "Lien via OPGROEIEN.BE <x@evil.example>",
    ],
)
def test_an_imitation_is_seen(origin: str) -> None:
    assert seen(origin) == "opgroeien.be"


def test_one_letter_from_a_trusted_address_and_its_address_in_the_name() -> None:
    assert seen("lien.cleas@wervik.be") == "lien.claes@wervik.be"
    assert seen("lien.claes@wervik.be <x@evil.example>") == "lien.claes@wervik.be"
    assert seen("lien.claes@wervlk.be") == "wervik.be"


@pytest.mark.parametrize(
    "origin",
    [
        "jan@example.net",
        "jan@groei.be",
        "team@sub.opgroeien.be",  # under the trusted one: unknown, and no imitation
        "jan@wervik.be",
        "jan@ab.be",  # too short a name for a letter more or less to say anything
        "Kind en Gezin <x@evil.example>",
        "lien@opgroeien.be, x@evil.example",
        "Nobody",
        "",
        "jan@xn--a.be",
        "@" * 400,
        "<" * 400,
    ],
)
def test_who_only_is_another_is_none(origin: str) -> None:
    assert seen(origin) is None


def test_nobody_trusted_means_nobody_to_imitate() -> None:
    assert seen("lien@opgroeien.be", ()) is None
