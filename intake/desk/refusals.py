"""Why the desk refuses, whatever the use case: nothing is set, the keys are another's, the account may not now, it is gone."""

from intake.errors import ConfigurationError, IntakeError, NotAllowed, NotFound
from intake.texts import N_

__all__ = ["Discarded", "KeysRenewed", "NotAssignedToYou", "SecrecyNotConfirmed", "SettingsMissing"]


class SettingsMissing(ConfigurationError):
    """The store holds no office settings."""

    template = N_("The office has no settings yet. Run 'ocmw-intake init' on a new folder.")


class NotAssignedToYou(IntakeError):
    """The referral is sealed for others."""

    template = N_("%(reference)s is not assigned to you. Ask a team lead to assign it to you.")
    exit_code = 4


class SecrecyNotConfirmed(NotAllowed):
    """The yearly confirmation of professional secrecy is missing (A2)."""

    template = N_(
        "Once a year you confirm that you are bound by professional secrecy; nothing is shown before. Confirm it at the "
        "sign-in on the screen, or with 'ocmw-intake passphrase --confirm-secrecy'."
    )


class KeysRenewed(NotAllowed):
    """The account got other keys since this session began."""

    template = N_("Your account was reset after you signed in. Sign in again.")


class Discarded(NotFound):
    """The referral was, and is discarded; only its tombstone is left (P3)."""

    template = N_(
        "%(reference)s was discarded on %(day)s. Nothing is left of it but that, and the certificate of it."
    )
