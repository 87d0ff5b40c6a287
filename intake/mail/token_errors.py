"""What can go wrong before the mail server is asked: at the place that gives the tokens, and with what it is asked by.

One class a meaning, as in `errors.py`. Nothing of an answer travels along: it may repeat a secret.
"""

from intake.errors import ConfigurationError, MailboxError
from intake.texts import N_


class SecretNotThere(ConfigurationError):
    """The kept secret is not one of the way of signing in that is set."""

    template = N_(
        "The secret that is kept for the mailbox does not belong to the way of signing in that is set. Give it anew with "
        "'ocmw-intake settings mailbox'."
    )


class CertificateUnusable(ConfigurationError):
    """The file for signing in by certificate does not hold a key and its certificate."""

    template = N_(
        "The certificate for signing in cannot be used. Give one file (PEM) with the RSA private key, without a passphrase, "
        "and its certificate."
    )


class TokenServerUnreachable(MailboxError):
    """No connection to the place that gives the tokens. Values: host."""

    template = N_(
        "The sign-in service %(host)s cannot be reached, so there is no token for the mailbox. Check the network, the "
        "proxy, and the address in the settings."
    )


class TokenServerUntrusted(MailboxError):
    """Its certificate is not trusted. Values: host."""

    template = N_(
        "The certificate of the sign-in service %(host)s is not trusted, so nothing was sent to it. If the office has its "
        "own authority, give its certificate (PEM) in the settings."
    )


class TokenServerBusy(MailboxError):
    """It answers that it has too much to do, or is out of order. Values: host."""

    template = N_("The sign-in service %(host)s cannot help at the moment. Try again in a few minutes.")


class TokenServerOdd(MailboxError):
    """What it answers is no answer to our question, too long, too slow, or points elsewhere. Values: host."""

    template = N_(
        "The sign-in service %(host)s gave an answer that cannot be used. Check its address in the settings."
    )


class TenantUnknown(MailboxError):
    """There is no such directory (AADSTS90002). Values: tenant."""

    template = N_(
        "Microsoft does not know the directory %(tenant)s. Check the directory (tenant) ID in the settings; it stands in "
        "the overview of the app registration."
    )


class ClientUnknown(MailboxError):
    """There is no such application, or it may not ask in this way (AADSTS700016, unauthorized_client)."""

    template = N_(
        "The sign-in service does not know this application, or does not let it ask in this way. Check the application "
        "(client) ID, the directory, and for a code by a person that public client flows are allowed."
    )


class ClientSecretExpired(MailboxError):
    """The secret or certificate of the application is past its date (AADSTS7000222)."""

    template = N_(
        "The secret or certificate of the application has expired. Make a new one in the app registration, and give it with "
        "'ocmw-intake settings mailbox --secret-file FILE' or '--certificate-file FILE'."
    )


class ClientSecretWrong(MailboxError):
    """The secret or certificate is not that of the application (invalid_client, AADSTS7000215, AADSTS700027)."""

    template = N_(
        "The sign-in service does not accept the secret or certificate of the application. Give the secret's value, not "
        "its ID; a certificate must be uploaded in the app registration."
    )


class ConsentMissing(MailboxError):
    """Nobody allowed the application to do this, or the scope does not exist (AADSTS65001, invalid_scope)."""

    template = N_(
        "The application may not read mailboxes yet. Check the permission for IMAP in the app registration, that an "
        "administrator consented to it, and the scope in the settings."
    )


class SignInAnew(MailboxError):
    """The refresh token is of no more use: too old, withdrawn, or the password was changed (invalid_grant)."""

    template = N_(
        "The sign-in to the mailbox has ended: too long unused, withdrawn, or the password was changed. Sign in again with "
        "'ocmw-intake settings mailbox'."
    )


class SignInBarred(MailboxError):
    """A policy of the organisation stands in the way (Conditional Access, a second factor)."""

    template = N_(
        "A rule of your organisation (Conditional Access) does not allow this sign-in. Ask the administrator of "
        "Microsoft 365 to allow it for this application or this machine."
    )


class CodePending(MailboxError):
    """Nobody has confirmed the code yet."""

    template = N_(
        "The code has not been confirmed yet. Open the address in a browser, type the code, and sign in."
    )


class CodeExpired(MailboxError):
    """The code was not confirmed in time."""

    template = N_("The code was not confirmed in time. Ask for a new one and confirm it within its time.")


class CodeDeclined(MailboxError):
    """Who was asked said no."""

    template = N_("The sign-in was declined in the browser. Ask for a new code and confirm it.")
