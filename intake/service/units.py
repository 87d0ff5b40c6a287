"""The units for systemd, filled from what the command was told. Where they are written is decided above.

The service account holds no key that reads a referral; what could be taken from it is its passphrase. That reaches the
program as a credential, never as an argument, a variable or a file that the account may read at other times.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from string import Template

from intake.cli.context import CREDENTIAL
from intake.errors import WrongUse
from intake.texts import _

_SAFE = re.compile(r"[A-Za-z0-9._/+@:, -]+")
_WORD = re.compile(r"[a-z_][a-z0-9_-]{0,31}")

POLL = "ocmw-intake-poll"
RETENTION = "ocmw-intake-retention"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the units are filled from. Paths are absolute; `account` is the system's, `user` the program's.

    With `watch` the mailbox is watched by a service that goes on, in place of a poll each `poll_minutes`.
    """

    program: PurePosixPath
    config: PurePosixPath
    store: PurePosixPath
    passphrase: PurePosixPath
    user: str
    account: str
    poll_minutes: int
    retention_at: str
    watch: bool = False

    def checked(self) -> "Plan":
        """Itself; WrongUse when something could end a line or a word of a unit and begin another."""
        for path in (self.program, self.config, self.store, self.passphrase):
            if not path.is_absolute() or not _SAFE.fullmatch(str(path)):
                raise WrongUse(
                    problem=_(
                        "A path in a unit is absolute and has letters, digits, blanks and . _ / + @ : , -."
                    )
                )
        if not _WORD.fullmatch(self.account):
            raise WrongUse(problem=_("The system's account has small letters, digits, _ and - in its name."))
        return self


_SERVICE = Template(
    """\
[Unit]
Description=$description
Documentation=man:systemd.exec(5)
Wants=network-online.target
After=network-online.target
RequiresMountsFor="$store"

[Service]
$run
User=$account
ExecStart="$program" --config "$config" --as $user $command
LoadCredential=$credential:$passphrase
StateDirectory=ocmw-intake
StateDirectoryMode=0700
UMask=0007
SuccessExitStatus=$success

# It may write the store and its own state, and reach the mail server; nothing else.
ReadWritePaths="$store"
ProtectSystem=strict
ProtectHome=$home
PrivateTmp=yes
PrivateDevices=yes
PrivateMounts=yes
ProtectProc=invisible
ProcSubset=pid
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
KeyringMode=private
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
LimitCORE=0
"""
)

_ONCE = "Type=oneshot\nTimeoutStartSec=30min"
# It ends well only when it is told to, after the batch at hand.
_ALWAYS = "Type=exec\nRestart=on-failure\nRestartSec=60\nTimeoutStopSec=10min"
_INSTALLED = "\n[Install]\nWantedBy=multi-user.target\n"

_TIMER = Template(
    """\
[Unit]
Description=$description

[Timer]
$when
Persistent=$persistent
RandomizedDelaySec=$delay

[Install]
WantedBy=timers.target
"""
)


def units(plan: Plan) -> Mapping[str, str]:
    """The units by file name: a service and a timer for the mailbox, and the same for retention; for watching no timer.

    Raises WrongUse for a path or name that does not fit in a unit.
    """
    plan = plan.checked()
    parts = {
        "program": plan.program,
        "config": plan.config,
        "store": plan.store,
        "passphrase": plan.passphrase,
        "credential": CREDENTIAL,
        "account": plan.account,
        "user": plan.user,
        # A store in a home folder would be hidden by `yes`; read-only is opened again by ReadWritePaths.
        "home": "read-only" if plan.store.parts[1:2] in (("home",), ("root",), ("run",)) else "yes",
    }
    poll, retention = "OCMW intake: take in the mailbox", "OCMW intake: discard what is due"
    # 5: the mail server is away; 7: not lawful at this moment. The next run is the answer, not an alarm.
    made = {
        f"{POLL}.service": _SERVICE.substitute(
            parts, description=poll, command="poll", success="5", run=_ONCE
        ),
        f"{RETENTION}.service": _SERVICE.substitute(
            parts, description=retention, command="retention run", success="", run=_ONCE
        ),
        f"{POLL}.timer": _TIMER.substitute(
            description=poll,
            when=f"OnBootSec=2min\nOnUnitInactiveSec={plan.poll_minutes}min",
            persistent="no",
            delay="15s",
        ),
        f"{RETENTION}.timer": _TIMER.substitute(
            description=retention,
            when=f"OnCalendar=*-*-* {plan.retention_at}:00 Europe/Brussels",
            persistent="yes",
            delay="10min",
        ),
    }
    if plan.watch:
        del made[f"{POLL}.timer"]
        watch = _SERVICE.substitute(parts, description=poll, command="poll --watch", success="", run=_ALWAYS)
        made[f"{POLL}.service"] = watch + _INSTALLED
    return {name: re.sub(r"^SuccessExitStatus=\n", "", text, flags=re.M) for name, text in made.items()}
