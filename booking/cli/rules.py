"""`booking rules`: the rule sets this program carries."""

import argparse
from pathlib import Path

from booking import rules
from booking.cli.common import say
from booking.domain.errors import InvalidInput, NotFound
from booking.domain.rules import parse_rules


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("rules", help="list, show or check rule sets")
    inner = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    inner.add_parser("list", help="the jurisdictions there are rules for").set_defaults(run=run_list)
    show = inner.add_parser("show", help="one rule set as it is, to be read before it is adopted")
    show.add_argument("jurisdiction", metavar="JURISDICTION", help="such as US-WA")
    show.set_defaults(run=run_show)
    check = inner.add_parser("check", help="say whether a rule set of your own is well formed")
    check.add_argument("file", type=Path, metavar="FILE")
    check.set_defaults(run=run_check)


def run_list(_arguments: argparse.Namespace) -> int:
    say(f"{'':8} {'version':12} {'confidence':11} {'review by':12} name")
    for jurisdiction, text in sorted(rules.shipped().items()):
        found = parse_rules(text)
        say(f"{jurisdiction:8} {found.version:12} {found.confidence:11} {found.review_by!s:12} {found.name}")
    return 0


def run_show(arguments: argparse.Namespace) -> int:
    text = rules.shipped().get(arguments.jurisdiction)
    if text is None:
        raise NotFound(f"rule set as {arguments.jurisdiction}; `booking rules list` names those there are")
    say(text.rstrip("\n"))
    return 0


def run_check(arguments: argparse.Namespace) -> int:
    try:
        text = arguments.file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("file", f"{arguments.file} cannot be read as text.") from error
    found = parse_rules(text, arguments.file.name)
    say(f"{found.jurisdiction}, version {found.version}: well formed, {len(found.grants)} grants.")
    return 0
