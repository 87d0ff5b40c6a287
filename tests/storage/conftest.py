"""Fixtures of the ground floor: a store on a real disk, and an office in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.directory import activate, add_user, found_office
from storage.keys import Signer
from storage.store import Store, create_store
from tests.storage.support import CHEAP, DAY, LEAD_PASSPHRASE, Clock, Office, known_ring


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    store = create_store(tmp_path / "store", clock=clock)
    yield store
    store.close()


@pytest.fixture
def ann() -> Signer:
    return known_ring("ann").signer("Ann Maes")


@pytest.fixture
def office(store: Store) -> Office:
    lead, recovery = found_office(store, "ann", "Ann Maes", LEAD_PASSPHRASE, cost=CHEAP)
    sessions = []
    for name in ("bob", "eva"):
        with store.transaction(lead.signer) as tx:
            code = add_user(tx, lead, name, name.title(), {"social-worker"}, cost=CHEAP)
        sessions.append(activate(store, name, code, f"wachtwoordzin van {name}", DAY, cost=CHEAP))
    bob, eva = sessions
    return Office(store, lead, bob, eva, recovery)
