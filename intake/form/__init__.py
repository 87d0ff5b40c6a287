"""Reads one decrypted form into client data: what surely is the client's, the sender's word on consent, and the rest.

`read_form` is the only door. It sniffs the format by content, reads under bounds, and either returns one `Reading` a
client or raises `FormError` with the cause; it never guesses. Signs of special-category data in the leftovers are not
judged here.
"""

from intake.causes import Cause
from intake.form.model import FormError, Reading, plain_text

__all__ = ["FormError", "Reading", "read_form"]


def read_form(name: str, data: bytes) -> list[Reading]:  # noqa: ARG001 - the name is not believed; content decides
    """One reading for each client on the form, in the order of the form.

    Raises FormError: UNREADABLE_FORM, UNSUPPORTED_FORM, OLD_WORD_FORMAT or SCAN for the file, MISSING_NAME,
    MISSING_CONTACT, UNCLEAR_FORM or UNCLEAR_CONSENT for what it says. Both name parts and at least one checked way of
    contact are needed. A telephone number or e-mail address that fails its check goes to the leftovers when another
    way of contact is valid; otherwise the form is unclear.
    """
    # Most of the program only passes on what was read: the readers with their word lists are loaded at the first form.
    from intake.form.assemble import Doubt, readings_of
    from intake.form.document import read_document
    from intake.form.own import as_sent
    from intake.form.remembered import forget

    text = ""
    forget()
    try:
        document = read_document(data)
        text = plain_text(document.rows)
        return readings_of(document.kind, as_sent(document.rows))
    except FormError as error:
        cause, text = error.cause, error.text or text
    except Doubt as doubt:
        cause = doubt.cause
    except Exception:  # noqa: BLE001 - parsers raise nearly anything on hostile files; the original can quote the form
        cause = Cause.UNREADABLE_FORM
    # Raised outside the handlers: no traceback of a parser, with the form in its variables, hangs on to the error.
    raise FormError(cause, text)
