"""Senders that want to pass for one that is trusted: a domain that looks like a trusted one, a name that shows one.

Only for senders that are not trusted, so that what is found makes nothing worse than it was: it says what to look at. Other
scripts need no table of look-alikes: whatever is no plain letter may stand for any one letter, or for the letter it is made of.
Pure and bounded.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["LookAlike", "look_alike", "plain"]

_SHORTEST = 5
"""Letters of a name below which one letter more or less says nothing."""
_TRUSTED_LIMIT = 500
_DOMAINS = re.compile(r"@\s?([^\s@<>()\[\],;:\"']{1,253})")
_WORDS = re.compile(r"[^\s@<>()\[\],;:\"'/]{3,253}")
_PAIRS = re.compile(r"([^\s@<>()\[\],;:\"']{1,64})@([^\s@<>()\[\],;:\"']{1,253})")
_QUOTED = re.compile(r'"[^"]*"')
_ANGLE = re.compile(r"(.*)<[^<>]*>\s*")
_FOLDS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("3", "e"))
_ANY = "?"


@dataclass(frozen=True, slots=True)
class LookAlike:
    """What was seen in the From and what it looks like, both in plain ASCII."""

    seen: str = field(repr=False)
    trusted: str = field(repr=False)


def look_alike(origins: Sequence[str], sender: str | None, trusted: Sequence[str]) -> LookAlike | None:
    """The trick in the From fields `origins` of a message whose `sender` (if it is clear) is not trusted; None without one."""
    known = trusted[:_TRUSTED_LIMIT]
    domains = list(dict.fromkeys(entry.rpartition("@")[2] for entry in known))
    for origin in origins:
        shown = _ANGLE.fullmatch(origin)
        if shown and "," not in _QUOTED.sub("", shown[1]):  # with a comma these are several addresses
            found = _in_name(shown[1], sender, known)
            if found is not None:
                return found
        # In the name only what is shown there as it stands is a trick; the address is looked at closely.
        for domain in _DOMAINS.findall(origin[len(shown[1]) :] if shown else origin)[:10]:
            name = _unicode(domain.lower().rstrip("."))
            for real in domains:
                if _imitates(name, real):
                    return LookAlike(plain(domain), real)
    return _as_person(sender, known)


def plain(text: str) -> str:
    """Text in ASCII, so that what looks like a letter and is none shows: "opgr\\u043eeien.be" for a Cyrillic o."""
    return text.encode("ascii", "backslashreplace").decode("ascii")[:300]


def _in_name(name: str, sender: str | None, trusted: Sequence[str]) -> LookAlike | None:
    """A trusted address or domain in the name beside an address that is another."""
    words = {word.strip(".").lower() for word in _WORDS.findall(name)}
    pairs = {f"{local}@{domain.strip('.')}".lower() for local, domain in _PAIRS.findall(name)}
    for entry in trusted:
        if entry in (pairs if "@" in entry else words):
            return LookAlike(plain(f"{name.strip()} <{sender or '?'}>"), entry)
    return None


def _as_person(sender: str | None, trusted: Sequence[str]) -> LookAlike | None:
    """One letter away from a trusted address at the same domain."""
    local, _at, domain = (sender or "").partition("@")
    for entry in trusted:
        known, at, where = entry.partition("@")
        if at and where == domain and len(known) >= _SHORTEST and local != known and _near(local, known):
            return LookAlike(plain(sender or ""), entry)
    return None


def _unicode(domain: str) -> str:
    """The domain as a mail program may show it: labels in punycode (RFC 3492) decoded."""
    labels = []
    for label in domain.split("."):
        if label.startswith("xn--") and len(label) <= 63:
            try:
                label = label[4:].encode("ascii").decode("punycode")
            except (UnicodeError, ValueError, OverflowError):
                label += _ANY
        labels.append(label)
    return ".".join(labels).lower()


def _imitates(name: str, real: str) -> bool:
    """Whether a domain looks like a trusted one and is neither it nor one under it."""
    if name == real or name.endswith(f".{real}"):
        return False
    bare, folded = _letters(name), _folded(real)
    if _fits(bare, real) or _fits(_folded(bare), folded):
        return True
    main = real.rpartition(".")[0].rpartition(".")[2] or real
    if len(main) < _SHORTEST:
        return False
    # The whole of it inside another (opgroeien.be.example.net, opgroeien-be.net), or its name under another end.
    squeezed = re.sub(r"[.-]", "", bare)
    if re.sub(r"[.-]", "", real) in squeezed or main in re.split(r"[.]", bare):
        return True
    return any(
        _fits(one, other) or _near(one, other)
        for one, other in (
            (bare, real),
            (_folded(bare), folded),
            (_main(bare), main),
            (_folded(_main(bare)), _folded(main)),
        )
    )


def _main(name: str) -> str:
    return name.rpartition(".")[0].rpartition(".")[2] or name


def _letters(name: str) -> str:
    """Lower case without accents; what is then no plain letter may be any."""
    if name.isascii():
        return name
    apart = unicodedata.normalize("NFKD", name)
    kept = (c if c.isascii() else _ANY for c in apart if not unicodedata.combining(c))
    return "".join(kept).lower()


def _folded(name: str) -> str:
    for pair, one in _FOLDS:
        name = name.replace(pair, one)
    return name


def _fits(name: str, real: str) -> bool:
    return len(name) == len(real) and all(a in (b, _ANY) for a, b in zip(name, real, strict=True))


def _near(name: str, real: str) -> bool:
    """Whether one letter was put in, left out, changed, or changed places with its neighbour."""
    if abs(len(name) - len(real)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(name, real, strict=False)) if a not in (b, _ANY)), None)
    if at is None:
        return True
    if len(name) != len(real):
        longer, shorter = (name, real) if len(name) > len(real) else (real, name)
        return _same(longer[at + 1 :], shorter[at:])
    swapped = name[at : at + 2] == real[at : at + 2][::-1] and _same(name[at + 2 :], real[at + 2 :])
    return _same(name[at + 1 :], real[at + 1 :]) or swapped


def _same(one: str, other: str) -> bool:
    return len(one) == len(other) and all(a == b or _ANY in (a, b) for a, b in zip(one, other, strict=True))
