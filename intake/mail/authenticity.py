"""Whether a message comes from the domain that its From names, by the word of one's own receiving server alone.

Reads `Authentication-Results` (RFC 8601) in the standard form and in Microsoft's, which has no server's name in front; a
library for the standard form alone would leave the most usual mailbox out. Only fields of the configured server count, and
only those above the line that server wrote when the message came in: what is below was in the hands of a stranger. Of
results that contradict one another the worst counts. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["MICROSOFT", "Verdict", "verdict"]

MICROSOFT = "microsoft"
"""In place of a server's name: Exchange Online, whose fields have none."""
_MICROSOFT_HOSTS = ("outlook.com", "office365.com", "exchangelabs.com", "microsoft.com")
_MICROSOFT_EXIT = "outbound.protection.outlook.com"
"""Through these every customer's mail leaves, so what comes from them comes from outside."""
_FIELDS = 20
_RESULTS = 50
_PAIR = re.compile(r'([a-z0-9.\-]{1,40})(?:/[0-9]{1,3})?\s{0,3}=\s{0,3}("[^"]{0,500}"|[^\s"]{1,500})')
_NAME = re.compile(r'"?([a-z0-9._\-]{1,253})"?(?:\s+[0-9]{1,3})?\s*')
_HOP = re.compile(r"(?:from\s+([^\s;()]{1,253}))?.*?\bby\s+([^\s;()]{1,253})", re.IGNORECASE)


class Verdict(StrEnum):
    """What one's own server says: it is from there, it is not, or nothing that counts."""

    PASS = "pass"  # noqa: S105 - a result, not a secret
    FAIL = "fail"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class _Result:
    method: str
    result: str
    properties: dict[str, str]


def verdict(trace: Sequence[tuple[str, str]], server: str, domain: str) -> Verdict:
    """The verdict on `domain` (of the From, lower case) by `trace`, a message's `Source.trace`; `server` as configured."""
    found: list[_Result] = []
    for count, value in enumerate(_trusted(trace, server.lower())):
        results = None if count >= _FIELDS else _results(value)
        if results is None:  # of one's own server and yet malformed: nothing in it can be built on
            return Verdict.NONE
        found += results
    return _judged(found, domain)


def _judged(found: Sequence[_Result], domain: str) -> Verdict:
    if any(r.method in ("dmarc", "compauth") and r.result == "fail" for r in found):
        return Verdict.FAIL
    dmarc = [
        r.result if r.properties.get("header.from", domain) == domain else "other"
        for r in _of(found, "dmarc")
    ]
    if "pass" in dmarc:
        return Verdict.PASS if set(dmarc) == {"pass"} else Verdict.NONE
    aligned = [
        *_aligned(_of(found, "dkim"), ("header.d", "header.i"), domain),
        *_aligned(_of(found, "spf"), ("smtp.mailfrom", "smtp.from"), domain),
    ]
    if any(set(results) == {"pass"} for results in aligned):
        return Verdict.PASS
    bad = {"fail", "hardfail", "softfail"}
    return Verdict.FAIL if any(bad & set(results) for results in aligned) else Verdict.NONE


def _of(found: Iterable[_Result], method: str) -> list[_Result]:
    return [result for result in found if result.method == method]


def _aligned(found: Iterable[_Result], names: tuple[str, ...], domain: str) -> Iterator[list[str]]:
    """The results for each domain that stands for that of the From: it, one above, or one below (relaxed, RFC 7489)."""
    by_domain: dict[str, list[str]] = {}
    for one in found:
        value = next((one.properties[name] for name in names if name in one.properties), "")
        signed = value.rpartition("@")[2].rstrip(".")
        if _within(domain, signed) or _within(signed, domain):
            by_domain.setdefault(signed, []).append(one.result)
    return iter(by_domain.values())


def _within(name: str, above: str) -> bool:
    """Whether a name is another or lies under it; a name of one label stands for nobody."""
    return "." in above and (name == above or name.endswith(f".{above}"))


def _trusted(trace: Sequence[tuple[str, str]], server: str) -> Iterator[str]:
    """The server's own fields, down to the line by which the message came in to it.

    Who is named in `from` of that line the sender could choose; one's own server's word stands above it all the same, and
    the worst counts. Without a single `received` nothing tells where the message came from.
    """
    waiting: list[str] = []
    for name, written in trace:
        value = " ".join(written.split())
        if name == "authentication-results":
            if _named(value) == ("" if server == MICROSOFT else server):
                waiting.append(value)
            continue
        yield from waiting
        waiting.clear()
        if not _inside(value, server):
            return


def _inside(received: str, server: str) -> bool:
    """Whether a `received` line is of a message on its way between one's own servers."""
    hop = _HOP.match(received[:1_000])
    if hop is None:
        return False
    given, by = (hop[1] or "").lower().strip("[].,"), hop[2].lower().rstrip(".,")
    if server == MICROSOFT:
        own = any(_within(by, host) for host in _MICROSOFT_HOSTS)
        return own and any(_within(given, host) for host in _MICROSOFT_HOSTS) and _MICROSOFT_EXIT not in given
    # The servers of one house share its domain: mx.example.be and imap.example.be.
    house = server if server.count(".") < 2 else server.partition(".")[2]
    return _within(by, house) and (not given or given == "localhost" or _within(given, house))


def _named(value: str) -> str | None:
    """The server that a field names, in lower case; empty in Microsoft's form; None where it cannot be told."""
    parts = _split(value)
    if not parts:
        return None
    first = parts[0].lower().strip()
    if _PAIR.match(first):
        return ""
    match = _NAME.fullmatch(first)
    return match[1] if match else None


def _results(value: str) -> list[_Result] | None:
    parts = _split(value)
    if parts is None:
        return None
    found: list[_Result] = []
    for part in parts[: _RESULTS + 1]:
        pairs = [(m[1], m[2].strip('"')) for m in _PAIR.finditer(part.lower())]
        if pairs:
            (method, result), *more = pairs
            # Microsoft writes some of its own results behind others': "dmarc=pass action=none header.from=x compauth=pass".
            found.append(_Result(method, result, dict(reversed(more))))
            found += [_Result("compauth", r, {}) for m, r in more if m == "compauth"]
    return None if len(parts) > _RESULTS else found


def _split(value: str) -> list[str] | None:
    """The parts between semicolons, without comments (which may hold one another); None where one does not end."""
    parts: list[str] = []
    piece: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in value:
        if escaped:
            escaped = False
            char = " " if char in '";' else char
        elif char == "\\" and (quoted or depth):
            escaped = True
            continue
        elif char == '"' and not depth:
            quoted = not quoted
        elif char == "(" and not quoted:
            depth += 1
            continue
        elif char == ")" and depth:
            depth -= 1
            char = " "
        elif char == ";" and not quoted and not depth:
            parts.append("".join(piece))
            piece.clear()
            continue
        if not depth:
            piece.append(char)
    if depth or quoted:
        return None
    return [*parts, "".join(piece)]
