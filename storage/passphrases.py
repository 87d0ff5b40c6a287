"""Whether a passphrase is good enough: its length, and how soon a guesser would come to it.

The judgement is zxcvbn's, which knows the usual passwords and patterns; added are the Dutch words and the names
that people here would try first. What guards the keys with the passphrase is in `keys.py`.
"""

import re

from storage.errors import GuessablePassphrase, WeakPassphrase

SHORTEST = 12
LONGEST = 1024
LEAST_SCORE = 3
"""Of zxcvbn's 0 to 4: more than 10^8 guesses, each of which costs half a second (`STANDARD_COST`)."""

_JUDGED = 72
"""Of a longer passphrase this many characters are judged: zxcvbn takes no more, and they are enough."""

_TRIED_FIRST = (
    *(
        "wachtwoord",
        "wachtwoordzin",
        "paswoord",
        "geheim",
        "geheimen",
        "welkom",
        "welkom01",
        "hallo",
        "azerty",
    ),
    *("ocmw", "kindengezin", "opgroeien", "doorverwijzing", "doorverwijzingen", "intake", "beroepsgeheim"),
    *(
        "januari",
        "februari",
        "maart",
        "april",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
    ),
    *("december", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    *("lente", "zomer", "herfst", "winter", "vlaanderen", "belgie", "gemeente", "sociaal", "dienst"),
)


def check_passphrase(passphrase: str, *about: str) -> None:
    """Raise WeakPassphrase unless it has 12 to 1024 characters, and GuessablePassphrase when it is soon guessed.

    `about` are the names of the account and its bearer, which a guesser knows.
    """
    if not SHORTEST <= len(passphrase) <= LONGEST:
        raise WeakPassphrase(least=SHORTEST, most=LONGEST)
    if score(passphrase, *about) < LEAST_SCORE:
        raise GuessablePassphrase


def score(passphrase: str, *about: str) -> int:
    """How hard a passphrase is to guess, by zxcvbn: 0 (among the first tried) to 4; `LEAST_SCORE` is needed.

    `about` as for `check_passphrase`.
    """
    from zxcvbn import zxcvbn

    known = {word for text in about for word in re.split(r"\W+", text.casefold()) if len(word) > 2}
    judged = zxcvbn(passphrase[:_JUDGED], user_inputs=[*_TRIED_FIRST, *sorted(known)])
    return int(judged["score"])
