"""What no file of the project may contain. Each check is also shown what it must refuse.

The forbidden words are put together from pieces, so that this file does not find itself.
"""

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator

import pytest

from tests.plugins.missing import missing
from tests.sources import ROOT, Source, expect_none, read, sources

OPEN_ENDS = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error"]))
SUPPRESSION = re.compile(r"#\s*(ruff:\s*)?(noqa|type:\s*ignore|pragma:)")
WITH_REASON = re.compile(r"#\s*(ruff:\s*)?noqa: [A-Z]+\d+(, ?[A-Z]+\d+)* --? \w|#\s*type: ignore\[[\w, -]+\]\s+# \w")
UNESCAPED = re.compile(r"\|\s*safe\b|autoescape\s+false")
CLOCKS = {"now", "utcnow", "today"}  # of datetime and date
CHANCE = {"uuid1", "uuid4", "uuid6", "uuid7", "getnode"}
# Addresses of package registries; lock files and pages of documentation carry them in without anyone noticing.
HOSTS = ("pypi org", "pythonhosted org", "registry npmjs", "deb debian", "crates io", "golang org", "rubygems org")
REGISTRIES = re.compile("|".join(host.replace(" ", r"\.") for host in HOSTS))
MACHINE = re.compile(r"(?<![\w.~-])/(" + "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers"]) + r")/\w")
LOCKS = {"now", "utcnow", "today"}  # of datetime and date
CHANCE = {"uuid1", "uuid4", "uuid6", "uuid7", "getnode"}
# Addresses of package registries; lock files and pages of documentation carry them in without anyone noticing.
REGISTRIES = re.compile(
    "|".join(["pypi" + r"\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)", "deb" + r"ian\.(org|net)"])
    + "|"
    + "|".join(["crates" + r"\.io", "golang" + r"\.org", "rubygems" + r"\.org", "maven" + r"\.org"])
)
MACHINE = re.compile(r"(?<![\w.~-])/(" + "|".join(["wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers"]) + r")/\w")
LOCKS = {"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "package-lock.json", "yarn.lock", "pnpm-lock.yaml"}


def comment_faults(source: Source) -> Iterator[str]:
    """Suppressions without a reason."""
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT and SUPPRESSION.search(token.string) and not WITH_REASON.search(token.string):
            yield f"{source.path}:{token.start[0]} gives no reason: {token.string}"


def handler_faults(source: Source) -> Iterator[str]:
    """Exceptions caught without naming them."""
    for node in ast.walk(source.tree):
        caught: list[ast.expr] = []
        if isinstance(node, ast.ExceptHandler):
            caught = [node.type] if node.type else [ast.Name("BaseException")]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("suppress", "contextlib.suppress"):
            caught = node.args
        names = {name.id for part in caught for name in ast.walk(part) if isinstance(name, ast.Name)}
        if names & {"Exception", "BaseException"}:
            yield f"{source.path}:{getattr(node, 'lineno', 0)} catches everything"


def call_faults(source: Source) -> Iterator[str]:
    """Calls and settings with a trap in them; the reasons stand beside each."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            yield from (f"{source.path}:{node.lineno} {fault}" for fault in traps(node))


def traps(call: ast.Call) -> Iterator[str]:
    name = ast.unparse(call.func).rpartition(".")[2]
    given = {keyword.arg: getattr(keyword.value, "value", ...) for keyword in call.keywords}
    if given.get("cache"):
        yield "caches a response under a key that does not name the user"
    if "exclude" in given:
        yield "exempts every path in which the pattern occurs anywhere"
    if given.get("debug") is True:
        yield "shows its insides to whoever causes an error"
    if name == "Markup":
        yield "passes text into a page unescaped"
    if name in ("import_module", "__import__", "eval", "exec"):
        yield "hides from every check what it runs"


def impurities(source: Source) -> Iterator[str]:
    """Reading the clock or drawing lots, where both are arguments."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            if ast.unparse(node.value).rpartition(".")[2] in ("datetime", "date"):
                yield f"{source.path}:{node.lineno} reads the clock"
        elif isinstance(node, ast.Attribute | ast.Name | ast.alias):
            name = {ast.Attribute: "attr", ast.Name: "id", ast.alias: "name"}[type(node)]
            if getattr(node, name) in CHANCE:
                yield f"{source.path}:{node.lineno} draws lots"


def text_faults(path: str, text: str) -> Iterator[str]:
    """What may stand in no committed file of any kind."""
    for number, line in enumerate(text.splitlines(), start=1):
        if REGISTRIES.search(line):
            yield f"{path}:{number} names a package registry"
        if MACHINE.search(line):
            yield f"{path}:{number} names a folder of one machine"
    if path.rpartition("/")[2] in LOCKS and "://" in text:
        yield f"{path} is a lock file with addresses"


def committed() -> Iterator[tuple[str, str]]:
    """Path and text of every committed text file."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        missing(f"git cannot list the committed files: {listed.stderr.strip()}")
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        content = path.read_bytes() if path.is_file() else b""
        if b"\0" not in content:
            yield name, content.decode("utf-8")


def written() -> tuple[Source, ...]:
    """All our Python."""
    return (*sources("booking", "migrations", "tests"), read(ROOT / "dev"))


def test_suppressions_have_a_reason() -> None:
    expect_none(fault for source in written() for fault in comment_faults(source))


def test_exceptions_are_caught_by_name() -> None:
    expect_none(fault for source in sources("booking", "migrations") for fault in handler_faults(source))


def test_nothing_is_left_open() -> None:
    expect_none(source.path for source in written() if OPEN_ENDS.search(source.text))


def test_no_call_has_a_known_trap() -> None:
    expect_none(fault for source in sources("booking", "migrations") for fault in call_faults(source))


def test_domain_reads_no_clock_and_draws_no_lot() -> None:
    expect_none(fault for source in sources("booking/domain") for fault in impurities(source))


def test_templates_escape_everything() -> None:
    templates = [
        path for pattern in ("*.html", "*.jinja", "*.j2", "*.txt") for path in (ROOT / "booking").rglob(pattern)
    ]
    expect_none(str(path) for path in templates if UNESCAPED.search(path.read_text(encoding="utf-8")))


def test_committed_files_name_no_registry_and_no_machine() -> None:
    expect_none(fault for path, text in committed() for fault in text_faults(path, text))


def module(text: str) -> Source:
    return Source(name="m", path="m", text=text)


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# noqa: S101",
        "# type: ignore",
        "# type: ignore[misc]",
        "# ruff: noqa",
        "# pragma: no cover",
    ],
)
def test_suppression_without_reason_is_found(comment: str) -> None:
    assert len(list(comment_faults(module(f"x = 1  {comment}\n")))) == 1


@pytest.mark.parametrize(
    "comment", ["# noqa: S101, E501 -- why", "# type: ignore[misc, arg-type]  # why", "# no answer"]
)
def test_suppression_with_reason_passes(comment: str) -> None:
    assert list(comment_faults(module(f"x = 1  {comment}\n"))) == []


@pytest.mark.parametrize("caught", ["except:", "except Exception:", "except (ValueError, BaseException) as error:"])
def test_broad_handler_is_found(caught: str) -> None:
    assert len(list(handler_faults(module(f"try:\n    f()\n{caught}\n    pass\n")))) == 1


def test_broad_suppression_is_found() -> None:
    assert list(handler_faults(module("with suppress(Exception):\n    f()"))) == ["m:1 catches everything"]


@pytest.mark.parametrize(
    "call",
    [
        "get('/', cache=True)",
        "get('/', cache=60)",
        "Limit(exclude=['health'])",
        "Litestar(debug=True)",
        "markupsafe.Markup(name)",
        "importlib.import_module(name)",
    ],
)
def test_trap_is_found(call: str) -> None:
    assert len(list(call_faults(module(call)))) == 1


@pytest.mark.parametrize(
    "code",
    ["datetime.datetime.now(UTC)", "when = datetime.utcnow", "date.today()", "uuid.uuid4()", "from uuid import uuid7"],
)
def test_impurity_is_found(code: str) -> None:
    assert len(list(impurities(module(code)))) == 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.md", "pip install --index-url https://" + "pypi" + ".org/simple"),
        ("notes.md", "it lies in /" + "ro" + "ot/project"),
        ("deep/uv.lock", "https://example.com/a.whl"),
    ],
)
def test_text_fault_is_found(path: str, text: str) -> None:
    assert len(list(text_faults(path, text))) == 1
