#!/usr/bin/env python3
"""Set up and start with nothing but Python: `start.py demo`, `start.py test`, or `start.py run …` for the program.

Makes `.venv` beside the sources, installs exactly the versions of `constraints.txt` into it, and starts what was
asked for. Runs on Python 3.11 and later, on Windows, Linux and macOS; a second start installs nothing again.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
CONSTRAINTS = ROOT / ".ci" / "constraints.txt"
EXTRAS = {"demo": "demo", "run": "demo", "test": "test", "check": "dev", "install": "dev"}
HOLDS = {"demo": ("demo", "test", "dev"), "test": ("test", "dev"), "dev": ("dev",)}
"""Each set of parts, and the sets that hold it."""


def python() -> Path:
    """The interpreter of the virtual environment."""
    return SCRIPTS / ("python.exe" if os.name == "nt" else "python")


def install(extra: str) -> None:
    """Make the environment and install, unless this very set is there already."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + CONSTRAINTS.read_bytes())
    stamp = VENV / f".installed-{extra}"
    stamps = [VENV / f".installed-{larger}" for larger in HOLDS[extra]]
    if python().exists() and any(s.exists() and s.read_text() == wanted.hexdigest() for s in stamps):
        return
    if not python().exists():
        print("Making a virtual environment in .venv …", flush=True)
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False)
        if made.returncode:
            sys.exit("Python cannot make virtual environments here. On Debian: apt-get install python3-venv")
    print("Installing; the first time takes a minute …", flush=True)
    pip = [str(python()), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    done = subprocess.run([*pip, "-c", str(CONSTRAINTS), "-e", f".[{extra}]"], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit("The installation failed; the lines above say why. Is the network reachable?")
    stamp.write_text(wanted.hexdigest())


def main() -> int:
    """Do what the first argument asks for; the rest is passed on."""
    if sys.version_info < (3, 11):
        sys.exit("This program needs Python 3.11 or newer.")
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    if what not in EXTRAS:
        sys.exit(f"Use: {Path(sys.argv[0]).name} {'|'.join(EXTRAS)} [arguments]")
    install(EXTRAS[what])
    rest = sys.argv[2:]
    commands: dict[str, list[list[str]]] = {
        "install": [],
        "demo": [[str(python()), "-m", "tui.main", "demo", *rest]],
        "run": [[str(python()), "-m", "tui.main", *rest]],
        "test": [[str(python()), "-m", "pytest", *rest]],
        "check": [
            [str(python()), "-m", "ruff", "format", "--check", "."],
            [str(python()), "-m", "ruff", "check", "."],
            [str(python()), "-m", "mypy"],
            # The same as the type checker sees it on Windows: what exists only elsewhere stands behind a branch.
            [str(python()), "-m", "mypy", "--platform", "win32", "--cache-dir", ".mypy_cache/win32"],
            [str(SCRIPTS / "lint-imports")],
        ],
    }
    for command in commands[what]:
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
        if status:
            return status
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
