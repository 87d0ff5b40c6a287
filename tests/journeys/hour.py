"""An hour of watching: a real mail server that is restarted every minute while mails come in, and the program as a process.

`python -m tests.journeys.hour --minutes 60 --messages 600` delivers the demo's mails (good, unusual and faulty ones)
evenly over the time, also while the server is down; `poll --watch --json` runs beside it as a user would run it. In the
end the store is compared with that of an office which got the same mails in one undisturbed poll. Prints one JSON
document; exit status 0 only when nothing was lost, nothing doubled and every line of the watch adds up.

`--minutes 2 --messages 40` is a trial; `--every` is the number of seconds between restarts.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from intake.demo.messages import SampleMessage, sample_messages
from tests.dovecot import Dovecot
from tests.journeys.office import ARCHIVE_PASSPHRASE, LEAD, JourneyOffice

POLL_SECONDS = 30
DRAIN_SECONDS = 300.0
COUNTS = ("found", "imported", "quarantined", "known")


def watched(office: JourneyOffice, out: Path, err: Path) -> "subprocess.Popen[bytes]":
    """`poll --watch --json` of an office as a process of its own, its output in files."""
    command = [
        *(sys.executable, "-m", "tui.main", "--config", str(office.config), "--as", LEAD[0]),
        *("--passphrase-file", str(office.secret(*LEAD)), "poll", "--watch", "--json"),
    ]
    with out.open("wb") as said, err.open("wb") as wrong:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=wrong)


def poll_often(office: JourneyOffice, seconds: int = POLL_SECONDS) -> None:
    """Set how often the office polls, beside what the server tells by itself."""
    with office.desk() as desk:
        settings = desk.settings.show()
        box = settings.mailbox.model_copy(update={"poll_seconds": seconds})
        desk.settings.change(settings.model_copy(update={"mailbox": box}))


def left_in_inbox(office: JourneyOffice) -> int:
    """How many messages lie in the inbox."""
    root = office.server.maildir(office.mailbox)
    return sum(1 for part in ("cur", "new") for _ in (root / part).iterdir())


def contents(office: JourneyOffice) -> tuple[Counter[str], Counter[str]]:
    """What is in the store: the clients of the referrals, and the causes of the quarantine, each as often as there."""
    rows = office.run("list", "--all", "--json").json
    items = office.run("quarantine", "list", "--json").json
    return Counter(str(row["client"]) for row in rows), Counter(str(row["cause"]) for row in items)


def lines_of(out: Path) -> list[dict[str, Any]]:
    """The polls that the watch told of."""
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines() if line.startswith("{")]


def undisturbed(folder: Path, server: Dovecot, samples: list[SampleMessage]) -> JourneyOffice:
    """An office that took in the same mails in one poll."""
    folder.mkdir()
    office = JourneyOffice(folder, server, "undisturbed")
    office.found()
    for sample in samples:
        server.deliver(office.mailbox, sample.raw, received_at=sample.received_at)
    office.run("poll")
    return office


def run(minutes: float, messages: int, every: float, seed: int) -> dict[str, Any]:
    """The whole of it; returns what is printed."""
    rng = random.Random(seed)
    samples = sample_messages(messages, seed, ARCHIVE_PASSPHRASE, datetime.now(UTC))
    with tempfile.TemporaryDirectory(prefix="hour-") as made, Dovecot() as server:
        folder = Path(made)
        (folder / "watched").mkdir()
        office = JourneyOffice(folder / "watched", server, "watched")
        office.found()
        poll_often(office)
        out, err = folder / "out", folder / "err"
        process = watched(office, out, err)
        try:
            restarts, memory = _weather(server, office, process, samples, minutes * 60, every, rng)
            end = time.monotonic() + DRAIN_SECONDS
            while left_in_inbox(office) and time.monotonic() < end and process.poll() is None:
                time.sleep(0.2)
            seen = psutil.Process(process.pid) if process.poll() is None else None
            cpu = sum(seen.cpu_times()[:2]) if seen else 0.0
            process.send_signal(signal.SIGTERM)
            status = process.wait(60)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        polls = lines_of(out)
        sums = {name: sum(int(poll[name]) for poll in polls) for name in COUNTS}
        last = office.run("poll", "--json").json
        other = undisturbed(folder / "undisturbed", server, samples)
        (clients, causes), (clients_there, causes_there) = contents(office), contents(other)
        lost = (clients_there - clients) + (causes_there - causes)
        doubled = (clients - clients_there) + (causes - causes_there)
        return {
            "minutes": minutes,
            "messages": messages,
            "restarts": restarts,
            "polls": len(polls),
            **sums,
            "adds_up": all(p["found"] == p["imported"] + p["quarantined"] + p["known"] for p in polls),
            "left_in_inbox": left_in_inbox(office),
            "last_poll": {name: last[name] for name in COUNTS},
            "referrals": sum(clients.values()),
            "in_quarantine": sum(causes.values()),
            "lost": sum(lost.values()),
            "doubled": sum(doubled.values()),
            "exit_status": status,
            "told": len(err.read_text(encoding="utf-8").splitlines()),
            "log_ok": office.run("log", "verify", "--json").json["ok"],
            "cpu_seconds": round(cpu, 1),
            "memory_mb": [round(value / 1e6) for value in memory],
        }


def _weather(
    server: Dovecot,
    office: JourneyOffice,
    process: "subprocess.Popen[bytes]",
    samples: list[SampleMessage],
    seconds: float,
    every: float,
    rng: random.Random,
) -> tuple[int, list[int]]:
    """Mails come in and the server goes up and down; returns the restarts, and the memory held at each."""
    start = time.monotonic()
    due = [(number + rng.random()) * seconds / len(samples) for number in range(len(samples))]
    restarts, memory, sent, down_until = 0, [], 0, 0.0
    next_restart = every
    while (now := time.monotonic() - start) < seconds or sent < len(samples):
        while sent < len(samples) and due[sent] <= now:
            server.deliver(office.mailbox, samples[sent].raw, received_at=samples[sent].received_at)
            sent += 1
        if down_until and now >= down_until:
            server.start()
            restarts, down_until = restarts + 1, 0.0
        elif not down_until and now >= next_restart:
            if process.poll() is None:
                memory.append(psutil.Process(process.pid).memory_info().rss)
            server.stop()
            down_until = now + rng.uniform(0.0, every / 6)
            next_restart += every
        time.sleep(0.05)
    if down_until:
        server.start()
        restarts += 1
    return restarts, memory


def good(told: dict[str, Any]) -> bool:
    """Whether nothing was lost, doubled or left, and every poll added up."""
    return (
        not told["lost"]
        and not told["doubled"]
        and not told["left_in_inbox"]
        and told["adds_up"]
        and told["found"] == told["imported"] + told["quarantined"] + told["known"]
        and told["exit_status"] == 0
        and bool(told["log_ok"])
    )


def main() -> int:
    """Run it and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--messages", type=int, default=600)
    parser.add_argument("--every", type=float, default=60.0, help="seconds between restarts")
    parser.add_argument("--seed", type=int, default=6)
    chosen = parser.parse_args()
    os.environ.setdefault("PYTHONIOENCODING", "utf-8")
    told = run(chosen.minutes, chosen.messages, chosen.every, chosen.seed)
    print(json.dumps(told | {"ok": good(told)}, indent=1), flush=True)
    return 0 if good(told) else 1


if __name__ == "__main__":
    sys.exit(main())
