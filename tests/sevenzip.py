"""The real 7-Zip for tests: makes archives in every variant and opens what the program packs."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

MISSING = "7-Zip is not installed: install the package 7zip to run this test."


def program() -> str | None:
    """The path of the 7-Zip program, under either of its names."""
    return shutil.which("7zz") or shutil.which("7z")


class SevenZip:
    """Runs 7-Zip in folders of its own below `work`."""

    def __init__(self, program: str, work: Path) -> None:
        self._program = program
        self._work = work
        self._runs = 0

    def pack(
        self,
        files: Mapping[str, bytes],
        *switches: str,
        passphrase: str | None = None,
        kind: str = "7z",
        onto: bytes | None = None,
        links: Mapping[str, str] | None = None,
    ) -> bytes:
        """An archive of `files` (names ending in "/" are directories) and symbolic `links`, added to those of `onto`."""
        folder = self._folder()
        target = folder.with_suffix(f".{kind}")
        if onto is not None:
            target.write_bytes(onto)
        for name, data in files.items():
            path = folder / name
            if name.endswith("/"):
                path.mkdir(parents=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        for name, goal in (links or {}).items():
            (folder / name).symlink_to(goal)
        secret = [] if passphrase is None else [f"-p{passphrase}"]
        tops = sorted({name.split("/")[0] for name in (*files, *(links or {}))})
        self._run("a", f"-t{kind}", *secret, *switches, str(target), *tops, within=folder)
        return target.read_bytes()

    def unpack(self, data: bytes, passphrase: str) -> dict[str, bytes]:
        """What 7-Zip itself finds in the archive `data`."""
        folder = self._folder()
        source = folder.with_suffix(".7z")
        source.write_bytes(data)
        self._run("x", f"-p{passphrase}", str(source), within=folder)
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }

    def listing(self, data: bytes, passphrase: str) -> str:
        """What 7-Zip tells of the archive `data`, in its technical form."""
        folder = self._folder()
        source = folder.with_suffix(".7z")
        source.write_bytes(data)
        return self._run("l", "-slt", f"-p{passphrase}", str(source), within=folder)

    def _folder(self) -> Path:
        self._runs += 1
        folder = self._work / f"run{self._runs}"
        folder.mkdir(parents=True)
        return folder

    def _run(self, *arguments: str, within: Path) -> str:
        done = subprocess.run(
            [self._program, *arguments, "-y", "-bd"],
            cwd=within,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
