"""The usual ways to get forms out of a mailbox by a shell, as yardsticks for a poll: each ends with the text of every form.

mbsync downloads over TLS, ripmime takes the attachments out, 7zz decrypts, `unzip -p` gives the text of a Word form. The
passphrase stands on the command line and the files in clear on the disk: they are measured, and no example.
"""

import os
import shutil
from pathlib import Path

from tests.benchmarks.referral_mails import PASSPHRASE
from tests.benchmarks.timing import Taken, timed
from tests.dovecot import Dovecot

PARTS = ("mbsync", "ripmime", "7zz", "unzip")
"""The programs needed."""

_MBSYNC = """
IMAPAccount box
Host localhost
Port {port}
User {user}
Pass {password}
SSLType IMAPS
CertificateFile {ca_file}

IMAPStore far
Account box

MaildirStore near
Path {folder}/mail/
Inbox {folder}/mail/INBOX

Channel in
Far :far:
Near :near:
Patterns INBOX
Sync Pull
Create Near
SyncState *
"""

_FETCH = """set -eu
mkdir -p mail
mbsync -q -c mbsyncrc in
"""
_TEXT = "sed 's/<[^>]*>/ /g'"

LOOP = (
    _FETCH
    + f"""
mkdir -p text
for mail in mail/INBOX/new/* mail/INBOX/cur/*; do
  [ -f "$mail" ] || continue
  name=$(basename "$mail")
  mkdir -p "parts/$name" "forms/$name"
  ripmime -i "$mail" -d "parts/$name"
  for archive in "parts/$name"/*.7z; do
    7zz x -y -bd -p"$SECRET" -o"forms/$name" "$archive" >/dev/null
  done
  for form in "forms/$name"/*.docx; do
    unzip -p "$form" word/document.xml | {_TEXT} >"text/$name"
  done
done
"""
)
"""One mail after the other, three programs for each: what one writes first."""

PIPELINE = (
    _FETCH
    + f"""
mkdir -p parts forms text
for mail in mail/INBOX/new/* mail/INBOX/cur/*; do
  [ -f "$mail" ] || continue
  ripmime -i "$mail" -d parts --prefix >/dev/null 2>&1
done
7zz x -y -bd -p"$SECRET" -o'forms/*' 'parts/*.7z' >/dev/null
for form in forms/*/*.docx; do
  unzip -p "$form" word/document.xml | {_TEXT} >"text/$(echo "$form" | tr / _)"
done
"""
)
"""One 7zz process over all archives, so that the key is derived once; the other programs for each mail."""

AT_ONCE = (
    _FETCH
    + f"""
mkdir -p parts forms
ripmime -i mail/INBOX/new -d parts --prefix >/dev/null 2>&1
7zz x -y -bd -p"$SECRET" -o'forms/*' 'parts/*.7z' >/dev/null
for form in forms/*/*.docx; do unzip -p "$form" word/document.xml; done | {_TEXT} >text
"""
)
"""mbsync, ripmime and 7zz each once over all mails: the best that a shell does."""


def missing() -> list[str]:
    """Those of `PARTS` that are not installed."""
    return [part for part in PARTS if shutil.which(part) is None]


def run(script: str, folder: Path, server: Dovecot, user: str) -> Taken:
    """What a way takes for the inbox of `user`, in the empty `folder`."""
    folder.mkdir()
    settings = folder / "mbsyncrc"
    settings.write_text(
        _MBSYNC.format(
            port=server.port, user=user, password=server.password, ca_file=server.ca_file, folder=folder
        ),
        encoding="utf-8",
    )
    settings.chmod(0o600)
    return timed(["sh", "-c", script], cwd=folder, env={**os.environ, "SECRET": PASSPHRASE})[1]


def texts(folder: Path) -> str:
    """What a way has read, all forms together."""
    found = folder / "text"
    files = sorted(found.iterdir()) if found.is_dir() else [found]
    return "".join(file.read_text(encoding="utf-8") for file in files)
