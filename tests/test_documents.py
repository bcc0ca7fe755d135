"""What the documents say of the repository: their links lead somewhere, their commands are understood."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from booking.__main__ import _parser
from tests.sources import ROOT

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDED = [*DOCUMENTS, ROOT / "examples" / "clinic.toml"]


def links(document: Path) -> Iterator[str]:
    """What it links to or shows of the repository."""
    found = re.findall(r"\[[^]]*\]\(([^)\s#]+)", document.read_text(encoding="utf-8"))
    yield from (link for link in found if "://" not in link)


def commands(document: Path) -> Iterator[str]:
    """The lines that are a `booking` command, without what is told beside it."""
    for line in document.read_text(encoding="utf-8").splitlines():
        found = re.fullmatch(r"#? {4,}booking (\S.*?)(?: {2,}.*| > .*)?", line)
        if found:
            yield found[1]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    assert [link for link in links(document) if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", COMMANDED, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_are_understood(document: Path) -> None:
    parser = _parser()
    for command in commands(document):
        parser.parse_args(shlex.split(command))


def test_there_are_commands_to_be_understood() -> None:
    assert len([command for document in COMMANDED for command in commands(document)]) >= 15


def test_index_of_decisions_lists_each_under_its_title() -> None:
    folder = ROOT / "docs" / "adr"
    pages = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    titles = [path.read_text(encoding="utf-8").partition("\n")[0] for path in pages]
    index = (folder / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[(\d{4})\]\((\S+)\) \| (.*) \|$", index, re.MULTILINE)
    expected = [(path.name[:4], path.name, title) for path, title in zip(pages, titles, strict=True)]
    assert [(number, name, f"# {int(number)}. {title}") for number, name, title in listed] == expected
