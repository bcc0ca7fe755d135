"""What two rule sets say otherwise, in sentences: grant by grant and requirement by requirement."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from booking.domain.rules.model import Grant, RuleSet
from booking.domain.rules.needs import AllOf, AnyOf, Need
from booking.domain.rules.telling import APART, FLAGS, NOTHING, flag, kind_of, label, listed, terms, told, window

_SEVERAL = {
    "sources", "professions", "regions_only", "regions_never", "techniques_only", "techniques_never", "not_both_sides",
    "never", "when_regions", "when_techniques", "registers_excluded", "where", "covers", "kinds", "grants", "content",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Difference:
    """`about` names the part, such as `grant pt, requirement hours`; it is empty for the head of the file."""

    about: str
    sentence: str


def differences(old: RuleSet, new: RuleSet) -> tuple[Difference, ...]:
    """All that `new` says otherwise than `old`; nothing, if and only if both were read from the same text.

    Grants and requirements are the same ones when they have the same id. Only the two sets themselves are looked at,
    not those they lie within.
    """
    found = tuple(_of_rules(old, new))
    if found or old.digest == new.digest:
        return found
    return (Difference(about="", sentence="Nothing that decides: notes or layout of the text alone."),)


def _of_rules(old: RuleSet, new: RuleSet) -> Iterator[Difference]:
    yield from _of_fields("", old, new, leave_out=("grants",))
    yield from _of_listed("", "exemption", old.exemptions, new.exemptions)
    yield from _of_listed("", "meaning of a word", old.region_means, new.region_means)
    yield from _of_grants(old.grants, new.grants)


def _of_grants(old: Sequence[Grant], new: Sequence[Grant]) -> Iterator[Difference]:
    known, wanted = {one.id: one for one in old}, {one.id: one for one in new}
    yield from (_gone(f"grant {one}", _grant_told(known[one])) for one in known if one not in wanted)
    for name, one in wanted.items():
        if name not in known:
            yield _new(f"grant {name}", _grant_told(one))
        else:
            yield from _of_grant(f"grant {name}", known[name], one)
    yield from _of_order("", "grants", list(known), list(wanted))


def _of_grant(about: str, old: Grant, new: Grant) -> Iterator[Difference]:
    yield from _of_fields(about, old, new, leave_out=("limit", "wording"))
    for name in ("limit", "wording"):
        before, after = getattr(old, name), getattr(new, name)
        if before is None or after is None:
            yield from _of_value(about, name, before, after)
        else:
            yield from _of_fields(f"{about}, {label(name)}", before, after)
    yield from _of_needs(about, old.needs, new.needs)
    yield from _of_listed(about, "duty", old.duties, new.duties)


def _of_needs(about: str, old: Sequence[Need], new: Sequence[Need]) -> Iterator[Difference]:
    known, wanted = {one.id: one for one in old}, {one.id: one for one in new}
    for name, one in known.items():
        if name not in wanted:
            yield _gone(f"{about}, requirement {name}", need_told(one))
    for name, one in wanted.items():
        place = f"{about}, requirement {name}"
        if name not in known:
            yield _new(place, need_told(one))
        elif type(known[name]) is not type(one):
            yield _gone(place, need_told(known[name]))
            yield _new(place, need_told(one))
        else:
            yield from _of_need(place, known[name], one)
    yield from _of_order(about, "requirements", list(known), list(wanted))


def _of_need(about: str, old: Need, new: Need) -> Iterator[Difference]:
    yield from _of_fields(about, old, new)
    if isinstance(old, AnyOf | AllOf) and isinstance(new, AnyOf | AllOf):
        yield from _of_needs(about, old.parts, new.parts)


def _of_fields(about: str, old: Any, new: Any, leave_out: Sequence[str] = ()) -> Iterator[Difference]:
    for each in fields(old):
        if each.name not in APART and each.name not in leave_out:
            yield from _of_value(about, each.name, getattr(old, each.name), getattr(new, each.name))


def _of_value(about: str, name: str, old: Any, new: Any) -> Iterator[Difference]:
    nothing = NOTHING.get(name, "none")
    was, now = told(old, nothing), told(new, nothing)
    if (was, old) == (now, new):  # both: true is 1, but it is not told so
        return
    if name in FLAGS:
        sentence = f"{flag(name, new)}. Before: {flag(name, old)}."
    elif name in _SEVERAL and was != now and old and new:
        sentence = f"{_capital(label(name))}: {_more_and_less(old, new)}."
    else:
        sentence = f"{_capital(label(name))}: {now} ({f'was: {was}' if was != now else 'in another way'})."
    yield Difference(about=about, sentence=sentence)


def _more_and_less(old: Collection[Any], new: Collection[Any]) -> str:
    """What several words or sources are more now, and what less."""
    before, after = {told(one) for one in old}, {told(one) for one in new}
    more, less = ", ".join(sorted(after - before)), ", ".join(sorted(before - after))
    parts = [f"also {more}"] * bool(more) + [f"no longer {less}"] * bool(less)
    return "; ".join(parts) or f"{told(new)}, in another order"


def _of_listed(about: str, what: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Difference]:
    """Of things without an id: they are the same ones when they say the same."""
    was, now = [told(one) for one in old], [told(one) for one in new]
    yield from (_gone(about, f"{what}: {one}") for one in (Counter(was) - Counter(now)).elements())
    yield from (_new(about, f"{what}: {one}") for one in (Counter(now) - Counter(was)).elements())
    if was == now and old != new:
        yield Difference(about=about, sentence=f"A {what} is written in another way.")
    yield from _of_order(about, f"entries ({what})", was, now)


def _of_order(about: str, what: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Difference]:
    """Those that are in both, in another order: it decides nothing, but is told in that order."""
    if [one for one in old if one in new] != [one for one in new if one in old]:
        yield Difference(about=about, sentence=f"The {what} stand in another order.")


def _new(about: str, what: str) -> Difference:
    return Difference(about=about, sentence=f"New: {what}")


def _gone(about: str, what: str) -> Difference:
    return Difference(about=about, sentence=f"No longer there: {what}")


def _grant_told(grant: Grant) -> str:
    """All of a grant, in a few sentences."""
    said = f"{grant.stance} for {listed(grant.professions)}{window(grant.first, grant.last, ' ')}"
    more = list(terms(grant, ("professions", "stance", "first", "last")))
    asked = [f"Asks for: {need_told(need)}" for need in grant.needs]
    duties = [f"Duty: {told(one)}" for one in grant.duties]
    return " ".join(f"{one.rstrip('.')}." for one in (_capital(said), *map(_capital, more), *asked, *duties))


def need_told(need: Need) -> str:
    """All of a requirement, in a few sentences."""
    parts = need.parts if isinstance(need, AnyOf | AllOf) else ()
    exact = "; ".join((kind_of(need), *terms(need, ("say", "sources"))))
    more = [f"{part.id}: {need_told(part)}" for part in parts]
    return " ".join([f"{need.say.rstrip('.')} ({exact}).", f"Source: {told(need.sources).rstrip('.')}.", *more])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
