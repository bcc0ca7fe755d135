"""The order in which files of tests are begun."""

from tests.plugins.order import LONG
from tests.sources import ROOT


def test_files_that_take_long_are_there_and_named_once() -> None:
    assert [file for file in LONG if not (ROOT / file).is_file()] == []
    assert len(set(LONG)) == len(LONG)
