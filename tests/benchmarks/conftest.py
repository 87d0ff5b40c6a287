"""Measurements take minutes and want a quiet machine: they run when asked for, `pytest -n 0 tests/benchmarks`.

A file named beside the rest runs with it: `pytest tests tests/benchmarks/test_kills.py`, which measures no time.
"""

from pathlib import Path

import pytest

from tests.intake.desk.conftest import office

__all__ = ["office"]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Only what the command line names, as a file or with its folder."""
    here = Path(__file__).parent
    for argument in config.args:
        asked = (config.invocation_params.dir / str(argument).split("::")[0]).resolve()
        inside = asked == here or here in asked.parents
        if inside and (
            asked in (collection_path, *collection_path.parents) or collection_path in asked.parents
        ):
            return None
    return True
