"""Appointments in a CSV file (RFC 4180): UTF-8, with or without its mark; commas, semicolons or tabs between cells."""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from booking.usecases.importing.model import COLUMNS, LARGEST_FILE, REQUIRED, ImportInvalid, RawRow, quoted

_DELIMITERS = ",;\t"


@dataclass(frozen=True, kw_only=True)
class CsvFile:
    """A file of known columns, all of whose rows can be taken apart into cells."""

    path: Path
    delimiter: str
    columns: tuple[str, ...]
    size: int
    digest: str

    def rows(self) -> Iterator[RawRow]:
        with _opened(self.path) as text:
            for number, cells in enumerate(_cells(text, self.delimiter), 1):
                if number > 1 and any(cells):
                    yield self._row(number, cells)

    def _row(self, number: int, cells: Sequence[str]) -> RawRow:
        values = {name: cell.strip() for name, cell in zip(self.columns, cells, strict=False)}
        if len(cells) < len(self.columns) or any(cells[len(self.columns) :]):
            problem = f"The row has {len(cells)} cells and the header {len(self.columns)}."
            return RawRow(number=number, values=values, problem=problem)
        return RawRow(number=number, values=values)


def open_csv(path: Path, given: frozenset[str] = frozenset()) -> CsvFile:
    """Look the file through; columns that are `given` for all rows may be missing.

    Raises ImportInvalid, with everything that is wrong with the file as such.
    """
    digest = ensure_readable(path)
    try:
        with _opened(path) as text:
            delimiter = _delimiter(text.readline())
        with _opened(path) as text:
            reader = _cells(text, delimiter)
            columns = tuple(_column(cell) for cell in next(reader, []))
            faults = list(_header_faults(columns, given))
            size = sum(any(cells) for cells in reader)
    except UnicodeDecodeError as error:
        raise ImportInvalid([f"{path} is not UTF-8 text (save it as “CSV UTF-8”)."]) from error
    except csv.Error as error:
        raise ImportInvalid([f"{path}: the cells of a row cannot be told apart: {error}."]) from error
    if faults:
        raise ImportInvalid([f"{path}: {fault}" for fault in faults])
    return CsvFile(path=path, delimiter=delimiter, columns=columns, size=size, digest=digest)


def ensure_readable(path: Path) -> str:
    """The SHA-256 of the file. Raises ImportInvalid for one that is not there, is none, is too large, or is empty."""
    try:
        if not path.is_file():
            raise ImportInvalid([f"{path} is no file." if path.exists() else f"{path} is not there."])
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise ImportInvalid([f"{path} has more than {LARGEST_FILE // 1_000_000} MB: split it."])
        if not size:
            raise ImportInvalid([f"{path} is empty."])
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ImportInvalid([f"{path} cannot be read: {error.strerror}."]) from error


def _opened(path: Path) -> TextIO:
    return path.open(encoding="utf-8-sig", newline="")


def _cells(text: TextIO, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(text, delimiter=delimiter, strict=True)


def _delimiter(header: str) -> str:
    """The one that stands most often between the words of the header."""
    return max(_DELIMITERS, key=header.count)


def _column(cell: str) -> str:
    """`Patient Name` and `patient-name` are `patient_name`."""
    return "_".join(cell.replace("-", " ").replace("_", " ").casefold().split())


def _header_faults(columns: Sequence[str], given: frozenset[str]) -> Iterator[str]:
    counted = Counter(columns)
    for name in REQUIRED:
        if name not in counted and name not in given:
            yield f"the column {name} is missing."
    for name, times in counted.items():
        if name not in COLUMNS:
            yield (
                f"there is no column {quoted(name)}; there are: {', '.join(COLUMNS)}."
                if name
                else "a column has no name."
            )
        elif times > 1:
            yield f"the column {name} is there {times} times."
