"""Measurements take minutes and want a quiet machine: they run when asked for, `pytest -n 0 tests/benchmarks`."""

from pathlib import Path

import pytest

from tests.intake.desk.conftest import office

__all__ = ["office"]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return None if any("benchmarks" in str(argument) for argument in config.args) else True
