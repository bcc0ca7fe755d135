"""`booking rules`: the rule sets this program carries, a file of one's own, and what a clinic has adopted."""

import argparse
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path

from booking import rules
from booking.cli.common import open_database, plural, say, settings, the_clinic
from booking.domain.errors import InvalidInput, NotFound, RulesInvalid
from booking.domain.rules import RuleSet, parse_rules, review_due, stacked
from booking.domain.rules.differences import Difference, differences
from booking.domain.rules.page import page
from booking.store.rule_texts import adopted_text

ADOPTED = "adopted:"
_WHICH = "a JURISDICTION as it comes with the program, adopted:JURISDICTION as the clinic goes by it, or a FILE"


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("rules", help="list, show, check or compare rule sets")
    inner = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    inner.add_parser("list", help="the jurisdictions there are rules for").set_defaults(run=run_list)
    show = inner.add_parser("show", help="one rule set in plain words, to be read before it is adopted")
    show.add_argument("which", metavar="RULES", help=_WHICH)
    show.add_argument("--toml", action="store_true", help="the text itself, with what its writer noted")
    _add_clinic(show, run_show)
    check = inner.add_parser("check", help="say whether rule sets of your own are well formed, and fit one another")
    check.add_argument("files", type=Path, nargs="+", metavar="FILE")
    check.set_defaults(run=run_check)
    diff = inner.add_parser("diff", help="what one rule set says otherwise than another, in plain words")
    diff.add_argument("old", metavar="OLD", help=_WHICH)
    diff.add_argument("new", metavar="NEW", help="the same")
    _add_clinic(diff, run_diff)


def _add_clinic(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> None:
    parser.add_argument("--clinic", metavar="SLUG", help="which one has adopted, when there are several")
    parser.set_defaults(run=run)


def run_list(_arguments: argparse.Namespace) -> int:
    say(f"{'':8} {'version':12} {'confidence':11} {'review by':12} name")
    for jurisdiction, text in sorted(rules.shipped().items()):
        found = parse_rules(text)
        notes = [f"within {found.within}"] if found.within else []
        notes += ["holds under its parts alone"] if found.parts_only else []
        notes += ["to be reviewed again"] if review_due(found, _today()) else []
        name = f"{found.name} ({'; '.join(notes)})" if notes else found.name
        say(f"{jurisdiction:8} {found.version:12} {found.confidence:11} {found.review_by!s:12} {name}")
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    text = _text(arguments.which, arguments.clinic)
    if arguments.toml:
        say(text.rstrip("\n"))
        return 0
    say(*page(_parsed(arguments.which, text), _today()))
    say("", f"`booking rules show --toml {arguments.which}` prints the text itself, with what its writer noted.")
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    found = _all_parsed(arguments.files)
    named = {one.jurisdiction for one in found}
    others = (parse_rules(text) for name, text in rules.shipped().items() if name not in named)
    stacked([*found, *others])
    for one in found:
        within = f", within {one.within}" if one.within else ""
        say(f"{one.jurisdiction}, version {one.version}: well formed, {plural(len(one.grants), 'grant')}{within}.")
    return 0


def _all_parsed(files: Iterable[Path]) -> list[RuleSet]:
    """Raises RulesInvalid with the faults of all of them."""
    found, faults = [], []
    for file in files:
        try:
            found.append(parse_rules(_file_text(file), file.name))
        except RulesInvalid as refused:
            faults += refused.details["faults"]
    if faults:
        raise RulesInvalid(faults)
    return found


def run_diff(arguments: argparse.Namespace) -> int:
    old, new = (_parsed(one, _text(one, arguments.clinic)) for one in (arguments.old, arguments.new))
    found = differences(old, new)
    say(f"From {_called(arguments.old, old)} to {_called(arguments.new, new)}{':' if found else ': no difference.'}")
    for about in dict.fromkeys(one.about for one in found):
        _tell(about, (one for one in found if one.about == about))
    return 0


def _tell(about: str, found: Iterable[Difference]) -> None:
    say("", *([f"{about[0].upper()}{about[1:]}"] if about else ["As a whole"]))
    say(*(f"  - {one.sentence}" for one in found))


def _called(which: str, one: RuleSet) -> str:
    return f"{which} ({one.jurisdiction}, version {one.version})"


def _parsed(which: str, text: str) -> RuleSet:
    return parse_rules(text, Path(which).name if Path(which).is_file() else "")


def _text(which: str, clinic: str | None) -> str:
    """The text of a rule set that is named as `_WHICH` says."""
    if which.startswith(ADOPTED):
        return _adopted_text(which.removeprefix(ADOPTED), clinic)
    shipped = rules.shipped()
    if which in shipped:
        return shipped[which]
    if not Path(which).exists():
        raise NotFound(f"rule set or file as {which}; `booking rules list` names the rule sets there are")
    return _file_text(Path(which))


def _adopted_text(jurisdiction: str, slug: str | None) -> str:
    with open_database(settings()) as database:
        clinic = the_clinic(database, slug)
        text = database.read_now(adopted_text, clinic.id, jurisdiction)
    if text is None:
        raise NotFound(f"rule set as {jurisdiction} that {clinic.name} has adopted")
    return text


def _file_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("file", f"{file} cannot be read as text.") from error


def _today() -> date:
    return datetime.now(UTC).date()
