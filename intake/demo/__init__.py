"""The demonstration: an embedded mail server and made-up referrals. Never used on a real office's data.

Here only the check that the extra packages of the demonstration are there; nothing else is imported, so that the
rest of the program starts without them.
"""

from importlib.util import find_spec

from intake.errors import IntakeError
from intake.texts import N_

__all__ = ["DemoNotInstalled", "require_packages"]

_PACKAGES = ("pymap", "reportlab", "docx")


class DemoNotInstalled(IntakeError):
    """The packages that only the demonstration needs are not installed."""

    template = N_(
        "The demonstration needs packages that are not installed. Install them with: pip install 'ocmw-intake[demo]'"
    )
    exit_code = 3


def require_packages() -> None:
    """Do nothing when the demonstration can run; raise `DemoNotInstalled` otherwise."""
    if any(find_spec(name) is None for name in _PACKAGES):
        raise DemoNotInstalled from None
