import pytest

from tests.conftest import require_or_skip
from tests.sevenzip import MISSING, SevenZip, program


@pytest.fixture(scope="session")
def sevenzip(tmp_path_factory: pytest.TempPathFactory) -> SevenZip:
    """The real 7-Zip."""
    found = program()
    if found is None:
        require_or_skip("7zz", MISSING)
    assert found is not None
    return SevenZip(found, tmp_path_factory.mktemp("sevenzip"))
