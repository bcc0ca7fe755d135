"""CSV files: what Excel and others write is read, and what cannot be read is told before anything is done."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking.usecases.importing import ImportInvalid, RawRow, open_csv
from booking.usecases.importing.model import LARGEST_FILE
from tests.usecases.importing import csv_text, row

HEADER = "reference,start,site,practitioner,treatment,patient_name"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[bytes], Path]:
    def written(content: bytes) -> Path:
        path = tmp_path / "visits.csv"
        path.write_bytes(content)
        return path

    return written


def rows(path: Path) -> list[RawRow]:
    return list(open_csv(path).rows())


def faults(path: Path, given: frozenset[str] = frozenset()) -> list[str]:
    with pytest.raises(ImportInvalid) as invalid:
        open_csv(path, given)
    return [fault.removeprefix(str(path)).removeprefix(": ") for fault in invalid.value.details["faults"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_what_spreadsheets_write_is_read(write: Callable[[bytes], Path], delimiter: str, mark: bytes, end: str) -> None:
    text = csv_text(row(note='Zoë; "loud", always'), delimiter=delimiter).replace("\r\n", end)
    (found,) = rows(write(mark + text.encode()))
    assert (found.number, found["reference"], found["note"], found.problem) == (2, "A-1", 'Zoë; "loud", always', None)


def test_header_may_be_written_in_words(write: Callable[[bytes], Path]) -> None:
    header = HEADER.replace("patient_name", " Patient Name ").replace("site", "SITE")
    (found,) = rows(write(f"{header}\nA-1,2026-12-01 09:30,seattle,ada,needling, Pat \n".encode()))
    assert (found["patient_name"], found["site"]) == ("Pat", "seattle")


def test_rows_are_counted_as_a_spreadsheet_does(write: Callable[[bytes], Path]) -> None:
    text = f'{HEADER}\nA-1,"two\nlines",s,p,t,n\n\n,,,,,\nA-2,s,s,p,t,n\n'
    path = write(text.encode())
    assert [(one.number, one["reference"]) for one in rows(path)] == [(2, "A-1"), (5, "A-2")]
    assert open_csv(path).size == 2


def test_row_of_another_length_is_a_problem_of_its_own(write: Callable[[bytes], Path]) -> None:
    text = f"{HEADER}\nA-1,s,s,p,t\nA-2,s,s,p,t,n,more\nA-3,s,s,p,t,n,\n"
    assert [one.problem for one in rows(write(text.encode()))] == [
        "The row has 5 cells and the header 6.",
        "The row has 7 cells and the header 6.",
        None,
    ]


def test_every_fault_of_a_header_is_told(write: Callable[[bytes], Path]) -> None:
    found = faults(write(b"reference,start,start,practitioner,,doctor\n"))
    assert [fault.partition(";")[0] for fault in found] == [
        "the column site is missing.",
        "the column treatment is missing.",
        "the column patient_name is missing.",
        "the column start is there 2 times.",
        "a column has no name.",
        "there is no column 'doctor'",
    ]


def test_column_that_is_given_for_all_rows_may_be_missing(write: Callable[[bytes], Path]) -> None:
    path = write(b"reference,start,practitioner,treatment,patient_name\n")
    assert faults(path) == ["the column site is missing."]
    assert open_csv(path, frozenset({"site"})).size == 0


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", " is empty."),
        (HEADER.encode("utf-16"), " is not UTF-8 text (save it as “CSV UTF-8”)."),
        (f"{HEADER}\nA-1,s,s,p,t,Zoë\n".encode("latin-1"), " is not UTF-8 text (save it as “CSV UTF-8”)."),
        (f'{HEADER}\nA-1,"s,s,p,t,n\n'.encode(), "the cells of a row cannot be told apart: unexpected end of data."),
        (f'{HEADER}\nA-1,"s"s,s,p,t,n\n'.encode(), "the cells of a row cannot be told apart: "),
        (f"{HEADER}\nA-1,{'x' * 200_000},s,p,t,n\n".encode(), "the cells of a row cannot be told apart: field larger"),
    ],
)
def test_file_that_cannot_be_read_is_told(write: Callable[[bytes], Path], content: bytes, fault: str) -> None:
    (found,) = faults(write(content))
    assert found.startswith(fault)


def test_file_that_is_too_large_none_or_not_there_is_told(tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    assert faults(large) == [" has more than 100 MB: split it."]
    assert faults(tmp_path) == [" is no file."]
    assert faults(tmp_path / "none.csv") == [" is not there."]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200) | st.text(alphabet='",;\n\r\tab\x00', max_size=80).map(lambda t: f"{HEADER}\n{t}".encode())
)
def test_odd_files_are_refused_or_read_and_never_more(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    try:
        source = open_csv(path)
    except ImportInvalid:
        return
    assert len(list(source.rows())) == source.size


def test_digest_is_of_the_bytes(write: Callable[[bytes], Path]) -> None:
    texts = (csv_text(row()), csv_text(row(note="x")), csv_text(row()))
    one, other, again = (open_csv(write(text.encode())).digest for text in texts)
    assert one == again != other


def test_semicolons_inside_a_header_of_commas_do_not_mislead(write: Callable[[bytes], Path]) -> None:
    assert len(rows(write(io.StringIO(f"{HEADER}\na;b;c;d;e;f;g,s,s,p,t,n\n").getvalue().encode()))) == 1
