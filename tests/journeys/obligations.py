"""The obligations of the protocol (P) and of the DPO's advice (A), and which journey shows each: the page `OBLIGATIONS.md`.

`python -m tests.journeys.obligations` writes the page anew from the tests' own marks; a test holds it up to date.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

HERE = Path(__file__).parent
PAGE = HERE / "OBLIGATIONS.md"
T = TypeVar("T", bound=Callable[..., object])


@dataclass(frozen=True)
class Obligation:
    """One row of the protocol's table: where it stands, and what the program must show."""

    sources: str
    asks: str


OBLIGATIONS: dict[str, Obligation] = {
    "consent": Obligation(
        "P recital C, A2, A5", "informed and consented; professional secrecy; OCMW of the residence"
    ),
    "duration": Obligation("P1, P5, P11", "data flow as long as the agreement runs"),
    "purpose": Obligation("P2", "clarify the question and find the most fitting help; anonymous counts"),
    "fields": Obligation("P3, A3, A4", "only name, address, telephone, e-mail; no special categories"),
    "keep": Obligation("P3", "kept until contact took place and the wish is clear"),
    "case-external": Obligation("P3", "a case file in the OCMW's own system; the intake's copy goes"),
    "case-local": Obligation("P3", "a case file kept here until ten years after it was closed"),
    "declined": Obligation("P3", "no help wanted, or closed otherwise: discarded"),
    "discard": Obligation("P3", "discarded everywhere, and proved"),
    "receivers": Obligation("P4, A4", "the social worker who helps; partners of the GBO, recorded"),
    "encryption": Obligation("P6, A6", "AES-256 by 7-Zip to one mailbox"),
    "evidence": Obligation("P6", "security policy and plan, DPO, register: proved on simple request"),
    "processors": Obligation("P6, GDPR 28", "the list of processors, exchanged and kept current"),
    "quality": Obligation("P7, A11", "wrong or superfluous data are reported at once"),
    "ended": Obligation("P8", "Opgroeien may end the agreement at once"),
    "breach": Obligation(
        "P9, GDPR 33", "each data breach is told through the DPOs; changes of law and processors"
    ),
    "log": Obligation("A12", "who had access to which data, when and why"),
    "publication": Obligation(
        "P recital D, A advice", "protocol and agreement are published on both websites"
    ),
    "subject": Obligation("GDPR 14, 15, 17", "informed within a month; access and erasure on request"),
    "unreachable": Obligation(
        "P3 and practice", "not reached: attempts, a neutral letter, a team lead's decision"
    ),
    "doubles": Obligation("practice", "the same client again, several adults, already known"),
    "absence": Obligation("practice", "the worker is absent; nobody works it"),
    "no-outcome": Obligation("P6, P7, P9", "nothing else goes back to Kind en Gezin: never an outcome"),
}

PARAGRAPHS: dict[str, tuple[str, ...] | str] = {
    "P recitals A, B (who the parties are)": ("evidence",),
    "P recital C (legal ground, secrecy, residence, consent)": ("consent",),
    "P recital D (published)": ("publication",),
    "P recitals E, F (the DPOs' advices)": ("evidence",),
    "P1 (subject)": ("duration",),
    "P2 (grounds and purpose)": ("purpose", "evidence"),
    "P3 §1-2 (which data; no articles 9 and 10)": ("fields",),
    "P3 §3 (kept until contact and wish)": ("keep", "unreachable", "declined", "discard", "doubles"),
    "P3 §4 (case file, ten years)": ("case-external", "case-local"),
    "P4 §1 (the social worker)": ("receivers", "absence"),
    "P4 §2 (geïntegreerd breed onthaal)": ("receivers",),
    "P5 (whenever a referral is made; duration)": ("duration",),
    "P6 §1 (mailbox, AES-256)": ("encryption",),
    "P6 §2 (policy, DPO, register, proof)": ("evidence",),
    "P6 §3 (processors)": ("processors",),
    "P7 (quality)": ("quality", "no-outcome"),
    "P8 (ended at once)": ("ended",),
    "P9 §1 (breaches)": ("breach", "no-outcome"),
    "P9 §2 (changes of law and of processors)": ("breach", "processors"),
    "P10 (Belgian law, courts of Brussels)": "asks nothing of a program",
    "P11 (start, six months' notice, ground lapsed)": ("duration",),
    "A1 (controllers named)": ("evidence",),
    "A2 (purposes; professional secrecy)": ("purpose", "consent"),
    "A3 (categories of data)": ("fields",),
    "A4 (receivers; which client data)": ("receivers", "fields"),
    "A5 (free and informed consent)": ("consent",),
    "A6 (security; mailbox for bound staff only)": ("encryption", "evidence"),
    "A7 (ad hoc, for the duration)": ("duration",),
    "A8 (sanctions)": ("ended",),
    "A9, A10 (original purpose, compatibility)": ("purpose",),
    "A11 (quality)": ("quality",),
    "A12 (logging of access; format)": ("log",),
    "A advice (transparency)": ("publication",),
}


def obligation(name: str) -> Callable[[T], T]:
    """Marks the journey that shows an obligation from an incoming mail to what remains."""
    assert name in OBLIGATIONS, name

    def mark(test: T) -> T:
        return pytest.mark.obligation(name)(test)  # type: ignore[no-any-return]

    return mark


def journeys() -> dict[str, list[tuple[str, str, str]]]:
    """By obligation: file, name and first docstring line of each journey marked with it."""
    found: dict[str, list[tuple[str, str, str]]] = {name: [] for name in OBLIGATIONS}
    for path in sorted(HERE.glob("test_*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.FunctionDef):
                continue
            for mark in node.decorator_list:
                if (
                    isinstance(mark, ast.Call)
                    and isinstance(mark.func, ast.Name)
                    and mark.func.id == "obligation"
                ):
                    (name,) = (argument.value for argument in mark.args if isinstance(argument, ast.Constant))
                    said = (ast.get_docstring(node) or "").splitlines()[0]
                    found[str(name)].append((path.name, node.name, said))
    return found


def page() -> str:
    """The page, made of the marks."""
    shown = journeys()
    lines = [
        "# What the protocol asks, and the test that shows it",
        "",
        "P: the protocol between Opgroeien regie and the OCMW; A: the DPO's advice on it. Made with",
        "`.venv/bin/python -m tests.journeys.obligations`; do not edit by hand. Each test begins with a mail on a real Dovecot",
        "and ends with what remains.",
        "",
        "| source | asks | test |",
        "|---|---|---|",
    ]
    for name, one in OBLIGATIONS.items():
        tests = "<br>".join(f"`{file}::{test}`: {said}" for file, test, said in shown[name])
        lines.append(f"| {one.sources} | {one.asks} | {tests} |")
    lines += ["", "## By paragraph", "", "| paragraph | test |", "|---|---|"]
    for paragraph, names in PARAGRAPHS.items():
        if isinstance(names, str):
            lines.append(f"| {paragraph} | {names} |")
            continue
        tests = "<br>".join(f"`{file}::{test}`" for name in names for file, test, _said in shown[name])
        lines.append(f"| {paragraph} | {tests} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
