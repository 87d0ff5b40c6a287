"""The usual ways to get forms out of a mailbox by a shell, as yardsticks for a poll: each ends with the text of every form.

mbsync downloads over TLS, ripmime takes the attachments out, 7zz decrypts, docx2txt gives the text of a Word form, line by
line. `CUT` and `AT_ONCE` only cut the tags out of the document with sed: quicker, and what comes out is a single line in which
nobody can tell a label from a value. The passphrase stands on the command line and the files in clear on the disk: they are
measured, and no example.
"""

import os
import shutil
from pathlib import Path

from tests.benchmarks.referral_mails import PASSPHRASE
from tests.benchmarks.timing import Taken, timed
from tests.dovecot import Dovecot

PARTS = ("mbsync", "ripmime", "7zz", "docx2txt", "unzip")
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
_CUT = "sed 's/<[^>]*>/ /g'"

LOOP = (
    _FETCH
    + """
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
    docx2txt "$form" "text/$name" >/dev/null
  done
done
"""
)
"""One mail after the other, three programs for each: what one writes first."""

_ONE_7ZZ = (
    _FETCH
    + """
mkdir -p parts forms text
for mail in mail/INBOX/new/* mail/INBOX/cur/*; do
  [ -f "$mail" ] || continue
  ripmime -i "$mail" -d parts --prefix >/dev/null 2>&1
done
7zz x -y -bd -p"$SECRET" -o'forms/*' 'parts/*.7z' >/dev/null
"""
)
PIPELINE = (
    _ONE_7ZZ
    + """
for form in forms/*/*.docx; do
  docx2txt "$form" "text/$(echo "$form" | tr / _)" >/dev/null
done
"""
)
"""One 7zz process over all archives, so that the key is derived once; the other programs for each mail."""

CUT = (
    _ONE_7ZZ
    + f"""
for form in forms/*/*.docx; do
  unzip -p "$form" word/document.xml | {_CUT} >"text/$(echo "$form" | tr / _)"
done
"""
)
"""As `PIPELINE`, with the tags only cut out."""

AT_ONCE = (
    _FETCH
    + f"""
mkdir -p parts forms
ripmime -i mail/INBOX/new -d parts --prefix >/dev/null 2>&1
7zz x -y -bd -p"$SECRET" -o'forms/*' 'parts/*.7z' >/dev/null
for form in forms/*/*.docx; do unzip -p "$form" word/document.xml; done | {_CUT} >text
"""
)
"""mbsync, ripmime and 7zz each once over all mails, with the tags only cut out: the least that a shell can do."""


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
