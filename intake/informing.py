"""By when the client must be told what is held and where it came from, and how that is shown (GDPR 14). Pure."""

from datetime import date

from dateutil.relativedelta import relativedelta

from intake.formats import show_date
from intake.referral import GONE_STATES, Referral
from intake.texts import _
from intake.workdays import local_date

INFORM_MONTHS = 1
"""The law's own term, which no setting moves (GDPR 14.3(a))."""


def inform_by(referral: Referral) -> date | None:
    """The last day to inform the client; None when that was done, or the referral ended without contact."""
    if referral.informed_on is not None or referral.state in GONE_STATES:
        return None
    if not referral.is_open and referral.contacted_at is None:
        return None
    return local_date(referral.received_at) + relativedelta(months=INFORM_MONTHS)


def informed_text(referral: Referral, today: date) -> str:
    """When the client was informed, or by when it must be done; empty when neither counts."""
    if referral.informed_on is not None:
        return _("on %(day)s") % {"day": show_date(referral.informed_on)}
    by = inform_by(referral)
    if by is None:
        return ""
    if by < today:
        return _("not yet; it was due by %(day)s") % {"day": show_date(by)}
    return _("not yet; at the latest %(day)s") % {"day": show_date(by)}
