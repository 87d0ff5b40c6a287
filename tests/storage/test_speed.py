"""What nobody should have to wait for. The bounds are some ten times what a modest machine takes."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

from storage.journal import Event
from storage.keys import Signer
from storage.sealing import Context, open_sealed, seal
from storage.store import Store
from tests.storage.support import known_ring

TEXT = "x" * 1340
HERE = Context("referral", "D2026-0042")


def milliseconds(action: Callable[[int], object], times: int) -> float:
    """The median time of one call."""
    taken = []
    for number in range(times):
        start = perf_counter()
        action(number)
        taken.append((perf_counter() - start) * 1000)
    return median(taken)


def fill(store: Store, author: Signer, count: int, letter: str = "D") -> None:
    with store.transaction(author) as tx:
        for number in range(count):
            tx.put("referrals", f"{letter}{number:06d}", {"number": number, "text": TEXT})


def test_a_change_among_five_thousand_rows_is_quick(store: Store, ann: Signer) -> None:
    fill(store, ann, 5000)

    def update(number: int) -> None:
        with store.transaction(ann) as tx:
            tx.put("referrals", f"D{number:06d}", {"number": -1, "text": TEXT})
            tx.record(Event("put", references=(f"D{number:06d}",)))

    assert milliseconds(update, 5) < 200
    assert milliseconds(lambda number: fill(store, ann, 500, f"E{number}"), 3) < 400
    assert milliseconds(lambda _: store.generation, 20) < 2
    assert milliseconds(lambda _: store.snapshot(), 20) < 2
    assert milliseconds(lambda _: store.journal.append(ann, [Event("read")]), 10) < 50


def test_sealing_and_opening_are_quick() -> None:
    rings = [known_ring(f"user-{number}") for number in range(10)]
    receivers = {ring.user: ring.public.reading for ring in rings}
    sealed = seal(TEXT.encode(), receivers, HERE)
    assert milliseconds(lambda _: seal(TEXT.encode(), receivers, HERE), 20) / len(receivers) < 0.8
    assert milliseconds(lambda _: open_sealed(sealed, "user-1", rings[1].reading, HERE), 20) < 0.8
