"""Notes of a workstation: what was changed is not used, and told."""

from pathlib import Path

import pytest

from storage.noted import NoteDamaged, check_notes, read_note, write_note


@pytest.mark.parametrize("body", [b"", b"{}", b"a\nb\n", bytes(range(256))])
def test_what_was_noted_is_read(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "state" / "x.note"
    assert read_note(file) is None
    write_note(file, body)
    assert read_note(file) == body
    check_notes(file.parent)


def test_any_changed_byte_is_told_and_not_used(tmp_path: Path) -> None:
    file = tmp_path / "x.note"
    write_note(file, b'{"theme":"dark"}')
    data = file.read_bytes()
    for place in range(len(data)):
        file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert read_note(file) is None
        with pytest.raises(NoteDamaged) as told:
            check_notes(tmp_path)
        assert told.value.values == {"file": "x.note"}
    for cut in (b"", data[:10], data + b"\n"):
        file.write_bytes(cut)
        assert read_note(file) is None
    write_note(file, b"new")
    check_notes(tmp_path)


def test_where_nothing_can_be_written_nothing_is_noted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    write_note(tmp_path / "file" / "x.note", b"x")
    assert read_note(tmp_path / "file" / "x.note") is None
