"""The demonstration says what is missing instead of failing with a traceback."""

import subprocess
import sys

import pytest

import intake.demo
from intake.demo import DemoNotInstalled, require_packages
from intake.errors import sentence
from intake.texts import set_language


def test_with_its_packages_the_demonstration_may_start() -> None:
    require_packages()


def test_without_them_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake.demo, "_PACKAGES", ("docx", "no_such_package_here"))
    with pytest.raises(DemoNotInstalled) as refused:
        require_packages()
    set_language("en")
    try:
        assert "ocmw-intake[demo]" in sentence(refused.value)
    finally:
        set_language("nl")


def test_looking_for_them_imports_none_of_them() -> None:
    program = (
        "import sys; from intake.demo import require_packages; require_packages()\n"
        "print([name for name in ('pymap', 'reportlab', 'docx', 'py7zr') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
