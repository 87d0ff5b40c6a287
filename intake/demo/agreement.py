"""The demo's agreement: Wervik's protocol of 1 December 2023 as an example, with made-up contacts and processors.

Parties, enterprise numbers and dates are those of the published protocol; every address to write to ends in `.example`,
so that a draft made in the demo reaches nobody.
"""

from datetime import date

from intake.agreement import (
    Advice,
    Agreement,
    Contact,
    Measure,
    Party,
    Processor,
    Publication,
)

AGREEMENT = Agreement(
    ocmw="OCMW Wervik (voorbeeld)",
    sender="Opgroeien regie, lokaal team Kind en Gezin Menen",
    in_force_from=date(2023, 12, 1),
    reference="Protocol K&G Menen - OCMW Wervik",
    council_decided_on=date(2023, 11, 28),
    receiving_party=Party(
        name="OCMW Wervik",
        enterprise_number="0212.181.659",
        address="Sint-Maartensplein 16, 8940 Wervik",
        represented_by=("algemeen directeur", "burgemeester"),
    ),
    sending_party=Party(
        name="Opgroeien regie",
        enterprise_number="0886.886.638",
        address="Hallepoortlaan 27, 1060 Brussel",
        represented_by=("administrateur-generaal",),
    ),
    dpo=Contact(name="DPO OCMW Wervik", email="dpo@ocmw.example"),
    sender_dpo=Contact(name="DPO Opgroeien", email="dpo@opgroeien.example"),
    contact=Contact(name="Onthaal OCMW Wervik", email="onthaal@ocmw.example", phone="+32 56 30 02 00"),
    team=Contact(name="Lokaal team Kind en Gezin Menen", email="menen@opgroeien.example"),
    advices=(
        Advice(by="DPO Opgroeien regie", on=date(2023, 10, 26), positive=True),
        Advice(by="DPO OCMW Wervik", on=date(2023, 10, 26), positive=True),
        Advice(by="Dienst informatieveiligheid", on=date(2024, 2, 21), positive=True),
    ),
    processors=(
        Processor(
            name="Postvak BV (voorbeeld)",
            service="hosting van het gedeelde postvak",
            country="België",
            agreement_on=date(2023, 11, 15),
            since=date(2023, 12, 1),
        ),
    ),
    processors_sent_on=date(2023, 12, 4),
    publications=(
        Publication(
            by="OCMW Wervik", url="https://ocmw.example/protocol-kind-en-gezin", checked_on=date(2026, 3, 2)
        ),
        Publication(by="Opgroeien", url="https://opgroeien.example/protocollen", checked_on=date(2026, 3, 2)),
    ),
    measures=(
        Measure(
            kind="security-policy", title="Informatieveiligheidsbeleid", version="3", on=date(2025, 1, 20)
        ),
        Measure(
            kind="security-plan", title="Informatieveiligheidsplan", version="2026", on=date(2026, 1, 12)
        ),
        Measure(kind="register", title="Verwerkingsregister, fiche 17", version="2", on=date(2023, 12, 1)),
    ),
    partners=(
        "CAW Zuid-West-Vlaanderen",
        "Dienst maatschappelijk werk van het ziekenfonds",
        "Huis van het Kind",
    ),
)
