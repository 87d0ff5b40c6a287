"""The OCMW's entry in its processing register for these referrals (GDPR 30.1), as data and as PDF.

Parties, processors and documents come from the agreement, periods from the retention table and the settings, the fields
from the record itself: the entry cannot say something else than the program does. Nothing in it is about a client.
"""

from datetime import date
from typing import Any

from intake.agreement import Agreement, Contact, Party, Processor
from intake.client import CLIENT_FIELDS
from intake.config import OfficeSettings
from intake.formats import show_date
from intake.paperwork.words import outcome_words
from intake.retention import TABLE, Rule, Start
from intake.texts import N_, _
from intake.words import FIELD_WORDS

PURPOSES = (
    N_("Clarifying what the client needs, and finding the most fitting help (protocol, article 2)."),
    N_("Raising access to social help and services, and countering under-protection (recital C)."),
)
GROUNDS = (
    N_("Decree of 30 April 2004 founding Opgroeien regie, article 10/1 (data sharing with the OCMW)."),
    N_("Decree of 9 February 2018 on local social policy, articles 3, 4, 6, 9 and 20."),
    N_("Flemish Government Decision of 30 November 2018 on local social policy, articles 3 and 4."),
    N_("Organic law of 8 July 1976 on the OCMWs."),
)
SUBJECTS = (N_("Adult clients of the local team Kind en Gezin who were informed and consent (recital C)."),)
RECIPIENTS = (
    N_(
        "The OCMW's social worker who will help the client, bound by professional secrecy (protocol, article 4)."
    ),
    N_("Partners in the integrated broad intake (GBO), by the rules of the decree of 9 February 2018."),
)
MEASURES = (
    N_(
        "Received only as AES-256 encrypted 7-Zip archives in one agreed mailbox; anything else is set apart."
    ),
    N_("Each referral is encrypted (AES-256-GCM) under its own key, sealed for the people who may read it."),
    N_("Passphrases are protected by Argon2id; every record is signed, and a changed one is refused."),
    N_("Who reads what, when and why is logged before it is shown, in a chained and signed log."),
    N_("Users confirm professional secrecy every year; access ends with the account."),
    N_("Discarding is done by a fixed table of periods, in the store, the mailbox and the backups."),
    N_("Verified backups; a restore cannot bring back what was discarded."),
)
_STARTS = {
    Start.CLOSED_ON.value: N_("the referral was closed"),
    Start.HAND_OVER_CONFIRMED_ON.value: N_("the hand-over of the case file was confirmed"),
    Start.CASE_CLOSED_ON.value: N_("the case file was closed"),
}


def register_entry(settings: OfficeSettings, today: date) -> dict[str, Any]:
    """The entry as JSON has it; texts are in the language in use, codes and dates are not."""
    agreement = settings.agreement
    return {
        "title": _("Referrals from Kind en Gezin"),
        "made_on": today.isoformat(),
        "controller": party_json(agreement.receiving_party, agreement.ocmw)
        | {"contact": contact_json(agreement.contact)},
        "dpo": contact_json(agreement.dpo),
        "source": party_json(agreement.sending_party, agreement.sender),
        "purposes": [_(text) for text in PURPOSES],
        "legal_grounds": [_(text) for text in GROUNDS],
        "agreement": {"reference": agreement.reference, "in_force_from": day_json(agreement.in_force_from)},
        "data_subjects": [_(text) for text in SUBJECTS],
        "data": [*CLIENT_FIELDS, "consent"],
        "special_categories": False,
        "recipients": [_(text) for text in RECIPIENTS],
        "partners": list(agreement.partners),
        "transfers": _transfers(agreement, today),
        "retention": [_rule_json(rule, settings) for rule in TABLE],
        "processors": [processor_json(one) for one in agreement.processors_on(today)],
        "measures": [_(text) for text in MEASURES],
        "documents": [one.model_dump(mode="json") for one in agreement.measures],
    }


def day_json(day: date | None) -> str | None:
    """A day as JSON has it."""
    return day.isoformat() if day else None


def party_json(party: Party, short: str) -> dict[str, Any]:
    """A party, by its short name where the agreement has no other."""
    return party.model_dump(mode="json") | {"name": party.name or short}


def contact_json(contact: Contact) -> dict[str, Any]:
    """Someone to turn to."""
    return contact.model_dump(mode="json")


def processor_json(processor: Processor) -> dict[str, Any]:
    """Who processes the data for the OCMW (GDPR 28)."""
    return processor.model_dump(mode="json")


def _transfers(agreement: Agreement, today: date) -> str:
    countries = sorted({one.country for one in agreement.processors_on(today) if one.country})
    if not countries:
        return _("The program sends no data to another country.")
    return _("The program sends no data to another country; processors are in: %(countries)s.") % {
        "countries": ", ".join(countries)
    }


def _rule_json(rule: Rule, settings: OfficeSettings) -> dict[str, Any]:
    days = getattr(settings.periods, rule.days) if isinstance(rule.days, str) else rule.days
    starts = rule.starts.value
    return {
        "outcome": str(rule.outcome),
        "words": outcome_words(rule.outcome),
        "basis": _(rule.basis),
        "after": _(_STARTS[starts]) if starts in _STARTS else starts,
        "days": days,
        "years": rule.years,
        "second_person": rule.second_person,
    }


def register_pdf(entry: dict[str, Any]) -> bytes:
    """The entry to read and to print."""
    from intake.paperwork.pages import facts, gap, grid, made, paragraph

    controller, dpo, source = entry["controller"], entry["dpo"], entry["source"]
    story = [
        paragraph(_("Processing register: %(title)s") % {"title": entry["title"]}, "Title"),
        paragraph(_("GDPR, article 30. Made on %(day)s.") % {"day": _day(entry["made_on"])}),
        gap(4),
        facts(
            [
                (_("Controller"), _party_words(controller)),
                (_("Contact"), _contact_words(controller["contact"])),
                (_("DPO"), _contact_words(dpo)),
                (_("Source of the data"), _party_words(source)),
                (
                    _("Agreement"),
                    " · ".join(
                        filter(
                            None, [entry["agreement"]["reference"], _day(entry["agreement"]["in_force_from"])]
                        )
                    ),
                ),
                (_("Purposes"), "\n".join(entry["purposes"])),
                (_("Legal grounds"), "\n".join(entry["legal_grounds"])),
                (_("Data subjects"), "\n".join(entry["data_subjects"])),
                (_("Personal data"), ", ".join(_field_words(name) for name in entry["data"])),
                (_("Special categories"), _("None (GDPR 9 and 10; protocol, article 3).")),
                (_("Recipients"), "\n".join(entry["recipients"])),
                (_("GBO partners"), "\n".join(entry["partners"]) or "–"),
                (_("Transfers"), entry["transfers"]),
            ]
        ),
        paragraph(_("Retention periods"), "Heading2"),
        grid(
            [(_("How it ended"), _("Kept"), _("Ground"))]
            + [(rule["words"], period_words(rule), rule["basis"]) for rule in entry["retention"]],
            (0.28, 0.36, 0.36),
            head=True,
        ),
        paragraph(
            _(
                "Until contact was made and the client's wish is known, the data are kept (protocol, article 3)."
            )
        ),
        paragraph(_("Processors"), "Heading2"),
        *_processor_lines(entry["processors"]),
        paragraph(_("Security measures"), "Heading2"),
        *(paragraph(f"• {text}") for text in entry["measures"]),
    ]
    return made(story, _("Processing register"), controller["name"])


def _processor_lines(processors: list[dict[str, Any]]) -> list[Any]:
    from intake.paperwork.pages import grid, paragraph

    if not processors:
        return [paragraph(_("None."))]
    return [
        grid(
            [(_("Processor"), _("Service"), _("Country"), _("Agreement"))]
            + [(p["name"], p["service"], p["country"], _day(p["agreement_on"])) for p in processors],
            (0.32, 0.34, 0.16, 0.18),
            head=True,
        )
    ]


def period_words(rule: dict[str, Any]) -> str:
    """How long one row of the retention table keeps, in words."""
    if rule["years"]:
        text = _("%(years)d years after %(start)s") % {"years": rule["years"], "start": rule["after"]}
    elif rule["days"]:
        text = _("%(days)d days after %(start)s") % {"days": rule["days"], "start": rule["after"]}
    else:
        text = _("At the next run after %(start)s") % {"start": rule["after"]}
    return text + (_("; a second person approves") if rule["second_person"] else "")


def _day(text: str | None) -> str:
    return show_date(date.fromisoformat(text)) if text else ""


def _field_words(name: str) -> str:
    return _(FIELD_WORDS[name]) if name in FIELD_WORDS else _("Consent")


def _party_words(party: dict[str, Any]) -> str:
    return "\n".join(filter(None, [party["name"], party["enterprise_number"], party["address"]]))


def _contact_words(contact: dict[str, Any]) -> str:
    return " · ".join(filter(None, [contact["name"], contact["email"], contact["phone"]])) or "–"
