"""How long the refusal of each hostile archive takes.

`pytest -n 0 -s tests/benchmarks/test_hostile_speed.py` prints the figures. What is held to is a ratio to the derivation of
keys that a good archive costs, in the same run; with OCMW_INTAKE_QUIET=1, on two cores with nothing else to do, a tenth of
a second as well.
"""

from time import perf_counter

from intake.archive import ArchiveError, open_archive
from intake.archive.keys import derive_key
from tests.benchmarks.making import QUIET, milliseconds
from tests.intake.archive.hostile import HOSTILE
from tests.intake.archive.samples import RIGHT, SECRET, WRONG


def test_each_hostile_archive_is_refused_within_a_tenth_of_a_second() -> None:
    key = milliseconds(lambda _: derive_key(SECRET, b"", 19), 5)
    print(f"\none key: {key:.1f} ms")
    slow: dict[str, float] = {}
    for make, cause in HOSTILE:
        data = make()
        taken = []
        for _ in range(3):
            start = perf_counter()
            try:
                open_archive(data, [RIGHT, WRONG])
            except ArchiveError as error:
                assert error.cause is cause
            else:
                raise AssertionError(make.__name__)
            taken.append((perf_counter() - start) * 1000)
        print(f"{make.__name__:16} {len(data):>9} bytes {min(taken):8.2f} ms  {cause.value}")
        slow[make.__name__] = min(taken)
    assert max(slow.values()) < 10 * key, slow
    assert max(slow.values()) < 100 or not QUIET, slow
