"""The one door: every use case, for screens and command line alike.

`open_desk` signs a user in and gives a `Desk`; its parts are grouped by use case: `work` (referrals), `cases`,
`poll`, `quarantine`, `retention`, `staff`, `log`, `office_settings`. Each checks the right, checks the step with
`intake.referral`, records it in the access log and saves it in one transaction. Nothing here draws or prints.
"""

from intake.desk.desk import Desk, open_desk

__all__ = ["Desk", "open_desk"]
