"""The program's entry point: without a command the worklist, otherwise the command line of `intake.cli`."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from intake.config import Workstation


def _open_screen(*arguments: object, **options: object) -> int:
    from tui.app import run_app  # Textual is loaded only when a screen is wanted

    return run_app(*arguments, **options)  # type: ignore[arg-type]  # the command line passes run_app's own


def _open_start(config: Path) -> int | None:
    from tui.first_run import run_start

    return run_start(config)


def list_keys(workstation: "Workstation | None") -> list[dict[str, Any]]:
    """The commands of the screens, for the command line."""
    from tui.keymap import listed

    return listed(workstation)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit status of `cli.md`."""
    from intake.cli.main import run

    return run(sys.argv[1:] if arguments is None else arguments, _open_screen, _open_start, list_keys)


if __name__ == "__main__":
    sys.exit(main())
