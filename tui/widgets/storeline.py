"""The lines that tell what is wrong with the store; not there while all is well."""

from textual.content import Content
from textual.widgets import Static

from intake.errors import sentence
from storage.errors import Refusal


class StoreLine(Static):
    """One sentence, wrapped, as long as the trouble lasts."""

    ALLOW_SELECT = False

    def show(self, trouble: Refusal | None) -> None:
        """Draw it, or go away."""
        self.display = trouble is not None
        if trouble is not None:
            words = " ".join(sentence(trouble).split())
            self.update(Content.styled(f"✖ {words}", "$text-error"))
