"""Roles and rights: who may do what (design, "Roles"). Pure.

Rights are courtesy and order; what someone can read is decided by the keys a referral is sealed for.
"""

from collections.abc import Iterable
from enum import StrEnum

from intake.texts import N_


class Role(StrEnum):
    """One person may hold several."""

    TEAM_LEAD = "team-lead"
    SOCIAL_WORKER = "social-worker"
    DPO = "dpo"
    ADMIN = "admin"
    SERVICE = "service"


ROLE_WORDS: dict[Role, str] = {
    Role.TEAM_LEAD: N_("team lead"),
    Role.SOCIAL_WORKER: N_("social worker"),
    Role.DPO: N_("DPO"),
    Role.ADMIN: N_("administrator"),
    Role.SERVICE: N_("service account"),
}


class Right(StrEnum):
    """One right per kind of use case."""

    LIST = "list"
    READ = "read"
    WORK = "work"
    TAKE = "take"
    ASSIGN = "assign"
    CLOSE_UNREACHABLE = "close-unreachable"
    REOPEN = "reopen"
    POLL = "poll"
    MAILBOX = "mailbox"
    QUARANTINE_LIST = "quarantine-list"
    QUARANTINE_READ = "quarantine-read"
    QUARANTINE_DECIDE = "quarantine-decide"
    RETENTION_PLAN = "retention-plan"
    RETENTION_RUN = "retention-run"
    RETENTION_VERIFY = "retention-verify"
    RETENTION_HOLD = "retention-hold"
    RETENTION_PROPOSE = "retention-propose"
    RETENTION_APPROVE = "retention-approve"
    USERS_LIST = "users-list"
    USERS_MANAGE = "users-manage"
    SETTINGS = "settings"
    TERMS = "terms"
    LOG = "log"
    BACKUP = "backup"
    DRAFT = "draft"
    QUALITY = "quality"
    QUALITY_LIST = "quality-list"
    BREACH_OPEN = "breach-open"
    BREACH = "breach"
    DISCLOSURES = "disclosures"
    TASKS = "tasks"
    SUBJECT_FIND = "subject-find"
    SUBJECT_EXPORT = "subject-export"
    SUBJECT_ERASE = "subject-erase"
    STATISTICS = "statistics"
    EVIDENCE = "evidence"


_WORKERS = {Role.TEAM_LEAD, Role.SOCIAL_WORKER}
_MATRIX: dict[Right, frozenset[Role]] = {
    Right.LIST: frozenset(Role),
    Right.READ: frozenset(_WORKERS),
    Right.WORK: frozenset(_WORKERS),
    Right.TAKE: frozenset(_WORKERS),
    Right.ASSIGN: frozenset({Role.TEAM_LEAD}),
    Right.CLOSE_UNREACHABLE: frozenset({Role.TEAM_LEAD}),
    Right.REOPEN: frozenset({Role.TEAM_LEAD}),
    Right.POLL: frozenset(_WORKERS | {Role.SERVICE}),
    Right.MAILBOX: frozenset(_WORKERS | {Role.SERVICE, Role.ADMIN}),
    Right.QUARANTINE_LIST: frozenset(_WORKERS | {Role.DPO}),
    Right.QUARANTINE_READ: frozenset({Role.TEAM_LEAD}),
    Right.QUARANTINE_DECIDE: frozenset({Role.TEAM_LEAD}),
    Right.RETENTION_PLAN: frozenset(_WORKERS | {Role.DPO, Role.SERVICE}),
    Right.RETENTION_RUN: frozenset({Role.TEAM_LEAD, Role.SERVICE}),
    Right.RETENTION_VERIFY: frozenset({Role.TEAM_LEAD, Role.DPO, Role.SERVICE}),
    Right.RETENTION_HOLD: frozenset({Role.TEAM_LEAD}),
    Right.RETENTION_PROPOSE: frozenset({Role.TEAM_LEAD, Role.SERVICE}),
    Right.RETENTION_APPROVE: frozenset({Role.TEAM_LEAD}),
    Right.USERS_LIST: frozenset(Role),
    Right.USERS_MANAGE: frozenset({Role.TEAM_LEAD}),
    Right.SETTINGS: frozenset({Role.TEAM_LEAD, Role.ADMIN}),
    Right.TERMS: frozenset({Role.TEAM_LEAD}),
    Right.LOG: frozenset({Role.TEAM_LEAD, Role.DPO}),
    Right.BACKUP: frozenset({Role.TEAM_LEAD, Role.ADMIN}),
    Right.DRAFT: frozenset(_WORKERS),
    Right.QUALITY: frozenset(_WORKERS),
    Right.QUALITY_LIST: frozenset(_WORKERS | {Role.DPO}),
    Right.BREACH_OPEN: frozenset(Role) - {Role.SERVICE},
    Right.BREACH: frozenset({Role.TEAM_LEAD, Role.DPO}),
    Right.DISCLOSURES: frozenset(_WORKERS | {Role.DPO}),
    Right.TASKS: frozenset({Role.TEAM_LEAD, Role.DPO}),
    Right.SUBJECT_FIND: frozenset(_WORKERS),
    Right.SUBJECT_EXPORT: frozenset(_WORKERS),
    Right.SUBJECT_ERASE: frozenset({Role.TEAM_LEAD}),
    Right.STATISTICS: frozenset(_WORKERS | {Role.DPO}),
    Right.EVIDENCE: frozenset({Role.TEAM_LEAD, Role.DPO}),
}

WRITERS: frozenset[str] = frozenset({Role.TEAM_LEAD, Role.SOCIAL_WORKER, Role.SERVICE})
"""Roles whose signature makes a referral's row genuine."""


def may(roles: Iterable[str], right: Right) -> bool:
    """Whether someone with these roles holds the right."""
    allowed = _MATRIX[right]
    return any(role in allowed for role in roles)


def holders(right: Right) -> frozenset[Role]:
    """The roles that hold a right, for a refusal that says whom to ask."""
    return _MATRIX[right]
