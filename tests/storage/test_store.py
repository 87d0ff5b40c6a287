"""One program on one store: what a transaction and a snapshot are, and what happens to damaged files."""

import json
import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage import tables, tiny
from storage.document import FORMAT, _check
from storage.errors import StoreBroken, StoreExists, StoreMissing, StoreNewer
from storage.journal import Event
from storage.keys import Signer
from storage.rows import Row, canonical
from storage.store import Store, create_store, open_store
from tests.storage.support import keys_of


def active(store: Store) -> Path:
    return store.location / "active.json"


def fill(store: Store, author: Signer, count: int = 3) -> None:
    with store.transaction(author) as tx:
        for number in range(count):
            tx.put("rows", f"D{number}", {"number": number, "inner": {"list": [number]}})
        tx.put_closed("past", "C1", {"number": 1})


def test_what_is_committed_is_there_for_all(store: Store, ann: Signer) -> None:
    fill(store, ann)
    other = open_store(store.location)
    assert other.identity == store.identity
    assert other.generation == 1
    assert [key for key, _ in other.snapshot().rows("rows")] == ["D0", "D1", "D2"]
    assert other.snapshot().get("rows", "D2") == {"number": 2, "inner": {"list": [2]}}
    assert other.closed().get("past", "C1") == {"number": 1}
    assert other.snapshot().get("rows", "D9") is None
    assert other.snapshot().rows("nothing") == []


def test_a_transaction_sees_its_own_changes_and_others_do_not(store: Store, ann: Signer) -> None:
    fill(store, ann)
    with store.transaction(ann) as tx:
        tx.put("rows", "D1", {"number": 11})
        tx.put("rows", "D05", {"number": 5})
        tx.delete("rows", "D0")
        tx.delete("rows", "not there")
        tx.delete_closed("past", "C1")
        assert [key for key, _ in tx.rows("rows")] == ["D05", "D1", "D2"]
        assert tx.get("rows", "D1") == {"number": 11}
        assert tx.get("rows", "D0") is None
        assert tx.get_closed("past", "C1") is None
        assert tx.rows_closed("past") == []
        assert open_store(store.location).snapshot().get("rows", "D1") == {
            "number": 1,
            "inner": {"list": [1]},
        }
    assert store.snapshot().get("rows", "D1") == {"number": 11}
    assert store.snapshot().get("rows", "D0") is None
    assert store.closed().rows("past") == []


def test_an_exception_changes_nothing(store: Store, ann: Signer) -> None:
    fill(store, ann)
    before = active(store).read_bytes()
    with pytest.raises(ZeroDivisionError), store.transaction(ann) as tx:
        tx.put("rows", "D1", {"number": 11})
        tx.put_closed("past", "C2", {})
        tx.record(Event("put", references=("D1",)))
        _ = 1 / 0
    assert active(store).read_bytes() == before
    assert store.snapshot().get("rows", "D1") == {"number": 1, "inner": {"list": [1]}}
    assert store.closed().get("past", "C2") is None
    assert store.journal.head.seq == 0


def test_what_was_spoilt_in_a_failed_transaction_is_read_anew(store: Store, ann: Signer) -> None:
    fill(store, ann)
    with pytest.raises(ZeroDivisionError), store.transaction(ann) as tx:
        tx.rows("rows")[0][1]["inner"]["list"].append("spoilt")
        tx.rows_closed("past")[0][1].update(spoilt=True)  # type: ignore[attr-defined]  # what a caller must not do
        _ = 1 / 0
    assert store.snapshot().get("rows", "D0") == {"number": 0, "inner": {"list": [0]}}
    assert store.closed().get("past", "C1") == {"number": 1}


def test_nothing_changed_means_nothing_written(store: Store, ann: Signer) -> None:
    fill(store, ann)
    before = active(store).stat().st_mtime_ns, active(store).read_bytes()
    with store.transaction(ann) as tx:
        tx.rows("rows")
        tx.delete("rows", "not there")
    assert (active(store).stat().st_mtime_ns, active(store).read_bytes()) == before
    with store.transaction(ann) as tx:
        tx.record(Event("looked"))
    assert store.generation == 1
    assert store.journal.verify(keys_of("ann")).entries == 1


def test_a_snapshot_stays_as_it_was(store: Store, ann: Signer) -> None:
    fill(store, ann)
    old, listed = store.snapshot(), store.snapshot().rows("rows")
    with store.transaction(ann) as tx:
        tx.put("rows", "D1", {"number": 11})
        tx.delete("rows", "D2")
    assert old.generation == 1
    assert old.get("rows", "D1") == {"number": 1, "inner": {"list": [1]}}
    assert old.rows("rows") == listed
    assert len(listed) == 3
    assert store.snapshot().generation == 2


def test_what_get_gave_can_be_changed_without_changing_the_store(store: Store, ann: Signer) -> None:
    fill(store, ann)
    row = store.snapshot().get("rows", "D1")
    assert row is not None
    row["inner"]["list"].append("mine")
    given = {"inner": {"list": [1]}}
    with store.transaction(ann) as tx:
        mine = tx.get("rows", "D1")
        assert mine is not None
        mine["inner"]["list"].append("mine")
        tx.put("rows", "D2", given)
        given["inner"]["list"].append(2)
    assert store.snapshot().get("rows", "D1") == {"number": 1, "inner": {"list": [1]}}
    assert open_store(store.location).snapshot().get("rows", "D2") == {"inner": {"list": [1]}}


def test_a_row_that_is_no_json_is_refused_at_once(store: Store, ann: Signer) -> None:
    with pytest.raises(TypeError), store.transaction(ann) as tx:
        tx.put("rows", "D1", {"when": object()})
    assert store.generation == 0


def test_a_transaction_neither_nests_nor_lives_on(store: Store, ann: Signer) -> None:
    with store.transaction(ann) as tx:
        with pytest.raises(RuntimeError), store.transaction(ann):
            pass
        with pytest.raises(RuntimeError):
            store.journal.append(ann, [Event("read")])
        tx.put("rows", "a", {})
    with pytest.raises(RuntimeError):
        tx.put("rows", "b", {})
    assert len(store.snapshot().rows("rows")) == 1


def test_a_look_inside_a_transaction_reads_no_file_and_one_after_it_does(
    store: Store, ann: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else commits meanwhile; a poll looks some hundred times."""
    fill(store, ann)
    read: list[Path] = []

    def counted(path: Path, *more: Any, **named: Any) -> Any:
        read.append(path)
        return really(path, *more, **named)

    really = tiny.read_document
    monkeypatch.setattr(tiny, "read_document", counted)
    with store.transaction(ann) as tx:
        begun = len(read)
        tx.put("rows", "D1", {"number": 11})
        assert store.snapshot().get("rows", "D1") == {"number": 1, "inner": {"list": [1]}}
        assert len(read) == begun
        seen: list[Any] = []
        other = threading.Thread(target=lambda: seen.append(store.snapshot().get("rows", "D2")))
        other.start()
        other.join()
        assert seen == [{"number": 2, "inner": {"list": [2]}}]
        assert len(read) == begun + 1
    assert store.snapshot().get("rows", "D1") == {"number": 11}
    assert len(read) == begun + 2


def test_many_puts_are_two_passes_over_a_table(
    store: Store, ann: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = []
    update = tables._Table._update_table

    def counted(table: tables._Table, updater: Callable[[dict[Any, Any]], None]) -> None:
        passes.append(table.name)
        update(table, updater)

    monkeypatch.setattr(tables._Table, "_update_table", counted)
    fill(store, ann, 500)
    passes.clear()
    fill(store, ann, 500)
    assert passes.count("rows") == 2
    assert len(store.snapshot().rows("rows")) == 500


def test_changes_come_out_as_tinydbs_own_tables_would_have_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Holds our way of handing TinyDB a table to TinyDB's: the same rows, and those before left as they were."""
    before: dict[str, dict[str, Row]] = {"rows": {"a": {"n": 1}, "b": {"n": 2}}, "others": {"x": {}}}
    changes: tables.Changes = {"rows": {"a": {"n": 3}, "b": None, "c": {"n": 4}}, "new": {"1": {"n": 5}}}
    ours = tables.applied(before, changes)
    monkeypatch.delattr(tables._Table, "_update_table")
    assert ours == tables.applied(before, changes)
    assert ours == {"rows": {"a": {"n": 3}, "c": {"n": 4}}, "others": {"x": {}}, "new": {"1": {"n": 5}}}
    assert before["rows"] == {"a": {"n": 1}, "b": {"n": 2}}


def test_a_second_one_shares_what_is_in_memory_and_goes_its_own_way(store: Store, ann: Signer) -> None:
    fill(store, ann)
    store.closed()
    other = store.beside()
    assert other.snapshot() is store.snapshot() and other.closed() is store.closed()
    with other.transaction(ann) as tx:
        tx.put("rows", "new", {"number": 9})
    assert store.snapshot().get("rows", "new") == {"number": 9}
    other.close()
    assert store.snapshot().generation == 2


def test_only_one_file_of_closed_matters_is_kept(store: Store, ann: Signer) -> None:
    for number in range(3):
        with store.transaction(ann) as tx:
            tx.put_closed("past", f"C{number}", {})
    assert [path.name for path in store.location.glob("closed-*")] == ["closed-3.json"]
    (store.location / "closed-9.json").write_text("left by a killed writer")
    with store.transaction(ann) as tx:
        tx.put("rows", "a", {})
    assert [path.name for path in store.location.glob("closed-*")] == ["closed-3.json"]
    assert len(store.closed().rows("past")) == 3


def test_a_folder_without_a_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing) as refusal:
        open_store(tmp_path / "nowhere")
    assert refusal.value.values == {"location": str(tmp_path / "nowhere")}


def test_a_store_is_not_made_over_another(store: Store, ann: Signer) -> None:
    fill(store, ann)
    with pytest.raises(StoreExists):
        create_store(store.location)
    assert len(store.snapshot().rows("rows")) == 3
    active(store).unlink()
    with pytest.raises(StoreExists):
        create_store(store.location)
    with pytest.raises(StoreMissing):
        store.snapshot()


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a letter in a row": lambda data: data.replace(b'"number":2', b'"number":7', 1),
    "the end": lambda data: data[:-20],
    "more at the end": lambda data: data + b"x",
    "the generation": lambda data: data.replace(b'"generation":1', b'"generation":2', 1),
    "everything": lambda data: b"",
    "zeros": lambda data: bytes(len(data)),
    "no line break": lambda data: data.replace(b"\n", b" "),
    "another kind of JSON": lambda data: b"[]\n" + data.split(b"\n", 1)[1],
    "the log entries in it": lambda data: data.replace(b'"action":"put"', b'"action":"get"', 1),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_file_is_noticed_and_not_overwritten(store: Store, ann: Signer, what: str) -> None:
    with store.transaction(ann) as tx:
        tx.put("rows", "D2", {"number": 2})
        tx.record(Event("put"))
    damaged = DAMAGES[what](active(store).read_bytes())
    active(store).write_bytes(damaged)
    for one in (store, None):
        with pytest.raises(StoreBroken) as refusal:
            (one or open_store(store.location)).snapshot()
        assert refusal.value.values == {"file": "active.json"}
        with pytest.raises(StoreBroken), (one or open_store(store.location)).transaction(ann) as tx:
            tx.put("rows", "D3", {})
    assert active(store).read_bytes() == damaged


def test_any_changed_bit_is_noticed(store: Store, ann: Signer) -> None:
    fill(store, ann)
    with store.transaction(ann) as tx:
        tx.put("rows", "D3", {"number": 3})
        tx.record(Event("put", references=("D3",)))
    data, chance = active(store).read_bytes(), random.Random(42)
    for place in chance.sample(range(len(data)), 400):
        bit = 1 << chance.randrange(8)
        active(store).write_bytes(data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :])
        with pytest.raises((StoreBroken, StoreNewer)):
            store.snapshot()
    active(store).write_bytes(data)
    assert store.snapshot().generation == 2


def test_a_damaged_file_of_closed_matters_is_noticed_and_not_overwritten(store: Store, ann: Signer) -> None:
    fill(store, ann)
    path = store.location / "closed-1.json"
    path.write_bytes(path.read_bytes().replace(b'"number":1', b'"number":8'))
    damaged, fresh = path.read_bytes(), open_store(store.location)
    with pytest.raises(StoreBroken):
        fresh.closed()
    with pytest.raises(StoreBroken), fresh.transaction(ann) as tx:
        tx.put_closed("past", "C2", {})
    assert path.read_bytes() == damaged
    path.unlink()
    with pytest.raises(StoreBroken):
        fresh.closed()
    assert fresh.snapshot().generation == 1


def test_another_stores_file_is_refused(store: Store, ann: Signer, tmp_path: Path) -> None:
    other = create_store(tmp_path / "other")
    fill(other, ann)
    active(store).write_bytes(active(other).read_bytes())
    with pytest.raises(StoreBroken):
        store.snapshot()


def rewritten(store: Store, **changes: object) -> None:
    """Put another header in front, one that vouches for itself."""
    line, rest = active(store).read_bytes().split(b"\n", 1)
    header = {**json.loads(line), **changes}
    del header["check"]
    header["check"] = _check(header)
    active(store).write_bytes(canonical(header) + b"\n" + rest)


def test_a_newer_format_is_left_alone(store: Store, ann: Signer) -> None:
    fill(store, ann)
    rewritten(store, format=FORMAT + 1, surprise=True)
    kept = active(store).read_bytes()
    with pytest.raises(StoreNewer) as refusal:
        open_store(store.location)
    assert refusal.value.values == {"found": FORMAT + 1, "known": FORMAT}
    with pytest.raises(StoreNewer), store.transaction(ann) as tx:
        tx.put("rows", "a", {})
    assert active(store).read_bytes() == kept


def test_a_header_cannot_lead_to_a_file_elsewhere(store: Store, ann: Signer) -> None:
    fill(store, ann)
    rewritten(store, closed={"file": "../../secret.json", "generation": 1, "digest": "0" * 64})
    with pytest.raises(StoreBroken):
        open_store(store.location)
