"""How it is shown whether the client was told what is held and where it came from (GDPR 14). Pure.

By when that must be done is in `deadlines.py`.
"""

from datetime import date

from intake.deadlines import inform_by
from intake.formats import show_date
from intake.referral import Referral
from intake.texts import _


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
