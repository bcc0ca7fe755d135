"""A rule set as a page to read before it is adopted: who may, what is asked of them, what the owner must decide."""

from collections.abc import Iterator
from datetime import date
from textwrap import wrap

from booking.domain.rules.model import EVERYBODY, Grant, RuleSet, Stance, review_due
from booking.domain.rules.needs import AllOf, AnyOf, Need, Phase, phase_of
from booking.domain.rules.telling import kind_of, listed, terms, told, window

_WIDTH = 100
_KNOWN = {
    "high": "the text of the law or rule itself was read",
    "medium": "a board's or court's position was read, or the rule at second hand",
    "low": "a list or less was read: refused until the owner decides",
}
_STANCES = {
    Stance.PERMITTED: "permitted to whoever meets every requirement",
    Stance.PROHIBITED: "prohibited; nothing changes that",
    Stance.PENDING: "the law is made but not yet usable: refused",
    Stance.SILENT: "the law says nothing: refused until the owner decides",
}


def page(rules: RuleSet, today: date) -> Iterator[str]:
    """The lines of the page, none longer than 100 characters but for words that are."""
    yield from _head(rules, today)
    yield from ("", "In short")
    yield from _overview(rules)
    if to_decide := [grant for grant in rules.grants if grant.to_decide]:
        yield from ("", "For the clinic's owner to decide")
        for grant in to_decide:
            yield from _item(f"{_whose(grant)} (grant {grant.id}): {grant.say or 'too little is known of this rule'}")
    for grant in rules.grants:
        yield from ("", *_grant(grant))
    if rules.exemptions or rules.region_means:
        yield from ("", "Besides")
        yield from (line for one in (*rules.exemptions, *rules.region_means) for line in _item(told(one)))


def _head(rules: RuleSet, today: date) -> Iterator[str]:
    yield f"{rules.jurisdiction}  {rules.name}"
    due = " That day has come: read it against its sources again." if review_due(rules, today) else ""
    yield from _text(
        f"Version {rules.version}, held against its sources on {rules.reviewed_on}, to be again by"
        f" {rules.review_by}.{due}"
    )
    yield from _text(f"Confidence {rules.confidence}: {_KNOWN[rules.confidence]}.")
    if rules.within:
        yield from _text(
            f"It lies within {rules.within}, whose law holds here as well: a visit must be lawful by both."
        )
    if rules.parts_only:
        yield from _text("No site lies directly here: this law holds under that of a part alone.")
    yield from _text("This is somebody's reading of the law and no legal advice.")


def _overview(rules: RuleSet) -> Iterator[str]:
    """A line for each profession that is named, in the order of the file."""
    named = dict.fromkeys(name for grant in rules.grants for name in sorted(grant.professions))
    for name in named:
        said = [_brief(grant) for grant in rules.grants if grant.is_for(name)]
        yield from _item(f"{_capital(listed([name]))}: {'; '.join(said)}")
    if EVERYBODY not in named:
        yield from _item(f"Everybody else: {f'as {rules.within} says' if rules.within else 'refused'}")


def _brief(grant: Grant) -> str:
    waits = ", once the owner has decided" if _unsure(grant) else ""
    limited = ", within limits" if grant.limit else ""
    return f"{grant.stance}{window(grant.first, grant.last, ' ')}{waits}{limited} (grant {grant.id})"


def _grant(grant: Grant) -> Iterator[str]:
    yield from _text(f"{_whose(grant)}{window(grant.first, grant.last, ', ')} (grant {grant.id})")
    waits = "; the owner must decide, for too little is known" if _unsure(grant) else ""
    yield from _item(f"{_capital(_STANCES[grant.stance])}{waits}.")
    if grant.say:
        yield from _item(f"{grant.say.rstrip('.')}.")
    if grant.needs:
        yield from _needs("To be assigned:", [need for need in grant.needs if phase_of(need) is Phase.ASSIGN])
        yield from _needs("Before the visit starts:", [one for one in grant.needs if phase_of(one) is not Phase.ASSIGN])
    if grant.limit:
        yield from _item(f"Limit: {told(grant.limit)}.")
    yield from (line for duty in grant.duties for line in _item(f"Duty: {told(duty)}."))
    shown = ("professions", "stance", "first", "last", "say", "limit", "sources", "confidence")
    yield from (line for term in terms(grant, shown) for line in _item(f"{_capital(term)}."))
    yield from _item(f"Source, confidence {grant.confidence}: {told(grant.sources)}.")


def _unsure(grant: Grant) -> bool:
    return grant.to_decide and grant.stance is Stance.PERMITTED


def _needs(heading: str, needs: list[Need]) -> Iterator[str]:
    if needs:
        yield from _item(heading)
        for need in needs:
            yield from _need(need, 4)


def _need(need: Need, indent: int) -> Iterator[str]:
    yield from _item(f"{need.say.rstrip('.')}.", indent)
    exact = "; ".join((kind_of(need), *terms(need, ("say", "sources"))))
    yield from _text(f"[{need.id}: {exact}. Source: {', '.join(one.title for one in need.sources)}]", indent + 2)
    for part in need.parts if isinstance(need, AnyOf | AllOf) else ():
        yield from _need(part, indent + 4)


def _whose(grant: Grant) -> str:
    return _capital(listed(grant.professions))


def _item(text: str, indent: int = 2) -> list[str]:
    return _wrapped(text, f"{' ' * indent}- ", " " * (indent + 2))


def _text(text: str, indent: int = 0) -> list[str]:
    return _wrapped(text, " " * indent, " " * indent)


def _wrapped(text: str, first: str, others: str) -> list[str]:
    return wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
