"""A fault on the screens: one sentence and a report, and no client in either, nor on standard error."""

import io
from contextlib import redirect_stderr

from tests.tui.driving import app_of, screens, until
from tests.tui.office import CLIENTS, LEAD, TestOffice

CANARY = CLIENTS[0].last_name or ""


async def test_a_crash_tells_where_it_lies_and_nothing_of_the_client(office: TestOffice):
    """Textual would print the locals of each frame: here the client's name is in the message, in a local and on the screen."""
    office.receive(CLIENTS[:2])
    said = io.StringIO()
    try:
        with redirect_stderr(said):
            async with screens(office, LEAD, language="nl", size=(120, 36)) as driver:
                app = app_of(driver)
                name = f"{CLIENTS[0].first_name} {CANARY}"

                def broken(*_arguments: object) -> None:
                    client = name
                    raise ValueError(f"{client} {CLIENTS[0]}")

                app.call_later(broken)
                await until(driver, lambda: app._exit_renderables)
                (segments,) = app._exit_renderables
                told = "".join(segment.text for segment in segments.segments)  # type: ignore[union-attr]
                # A second fault adds nothing: Textual would count them in English.
                app._handle_exception(ValueError(name))
                assert len(app._exit_renderables) == 1
    except ValueError:
        pass  # the test's driver passes it on; a user has no such driver
    assert "Het programma stuitte op een fout en is gestopt" in " ".join(told.split())
    assert "ValueError" in told
    (path,) = (office.location.parent / "state").glob("fault-*.txt")
    assert str(path) in told.replace("\n", "")
    report = path.read_text(encoding="utf-8")
    assert "screen: WorklistScreen" in report
    assert "fault: builtins.ValueError" in report
    assert "textual/" in report
    assert CANARY
    for text in (told, report, path.name, said.getvalue()):
        assert CANARY not in text
        assert (CLIENTS[0].first_name or "?") not in text
