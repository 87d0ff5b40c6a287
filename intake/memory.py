"""Where a workstation keeps what it remembers of a store, apart from the store and from the configuration.

What is remembered, and what it tells, is in `storage/witness.py`.
"""

import os
from pathlib import Path

from intake.config import APP_NAME, Workstation


def memory_folder(workstation: Workstation) -> Path:
    """The folder for what this workstation remembers.

    `$OCMW_INTAKE_STATE`, else the first folder of `$STATE_DIRECTORY` (systemd), else the user's state folder; for a
    configuration that is not the user's own, a folder `state` beside it, and without a file one beside the store: trying
    things out leaves nothing behind.
    """
    if named := os.environ.get("OCMW_INTAKE_STATE"):
        return Path(named)
    if given := os.environ.get("STATE_DIRECTORY"):
        return Path(given.split(os.pathsep)[0])
    from platformdirs import user_config_path, user_state_path

    own = user_config_path(APP_NAME, appauthor=False) / "config.toml"
    if workstation.file is None:
        return workstation.store.parent / "state"
    if workstation.file == own:
        return user_state_path(APP_NAME, appauthor=False)
    return workstation.file.parent / "state"
