"""What two rule sets say otherwise: nothing is lost, and each change is a sentence at its place."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, get_type_hints

import pytest

from booking.domain.rules import Limit, RuleSet, Wording, model, needs, parse_rules, stacked
from booking.domain.rules.differences import differences
from booking.domain.rules.telling import APART, FLAGS, LABELS
from booking.rules import shipped
from tests.domain.test_rules import EVERYTHING
from tests.domain.test_rules_document import EXAMPLE

TEXTS = {"document": EXAMPLE, "everything": EVERYTHING, "DK": shipped()["DK"]}
OF_ANY_KIND: dict[Any, Any] = {
    str | None: "else",
    int | None: 7,
    date | None: date(2031, 5, 6),
    Limit | None: Limit(adjunct_only=True),
    Wording | None: Wording(must_show="Else"),
    needs.Accepted | None: needs.Accepted(statuses=frozenset({"grace"})),
    frozenset[str] | None: frozenset({"hand"}),
}
"""Something to put where there is nothing, by the type of the field."""


def others(value: Any, annotation: Any) -> Iterator[Any]:
    """Values of the same kind that are not the same, and nothing, where that may be."""
    if value is None:
        yield OF_ANY_KIND[annotation]
        return
    if type(None) in getattr(annotation, "__args__", ()):
        yield None
    if isinstance(value, tuple):
        yield from others_of_tuple(value)
        if annotation == tuple[str, ...]:
            yield (*value, "else")
    elif isinstance(value, StrEnum):
        yield from (one for one in type(value) if one is not value)
    else:
        yield ANOTHER[type(value)](value)


ANOTHER: dict[type, Callable[[Any], Any]] = {
    bool: lambda value: not value,
    str: lambda value: f"{value} else",
    int: lambda value: value + 1,
    date: lambda value: value + timedelta(days=1),
    frozenset: lambda value: value | {"hand", "electro"},
}


def others_of_tuple(value: tuple[Any, ...]) -> Iterator[Any]:
    yield from (value[:n] + value[n + 1 :] for n in range(len(value)))
    if len(value) > 1:
        yield tuple(reversed(value))


def changed(thing: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The thing with one field of it, or of anything it is made of, changed; each with where."""
    hints = get_type_hints(type(thing), {**vars(model), **vars(needs)})
    for each in fields(thing):
        value, here = getattr(thing, each.name), f"{path}.{each.name}"
        if each.name == "outer":  # it is told of its own set
            continue
        if not is_dataclass(value):
            yield from ((here, replace(thing, **{each.name: other})) for other in others(value, hints[each.name]))
        else:
            yield from ((at, replace(thing, **{each.name: other})) for at, other in changed(value, here))
        for n, one in enumerate(value) if isinstance(value, tuple) else ():
            if is_dataclass(one):
                for at, other in changed(one, f"{here}[{n}]"):
                    yield at, replace(thing, **{each.name: (*value[:n], other, *value[n + 1 :])})


@pytest.mark.parametrize("name", TEXTS)
def test_no_change_of_a_field_is_lost(name: str) -> None:
    rules = parse_rules(TEXTS[name])
    variants = list(changed(rules))
    assert len(variants) > 200
    assert [at for at, other in variants if not differences(rules, other)] == []
    assert [at for at, other in variants if not differences(other, rules)] == []


def test_every_change_is_told_in_words() -> None:
    rules = parse_rules(EXAMPLE)
    told = [one.sentence for _, other in changed(rules) for one in differences(rules, other)]
    assert all(one[0].isupper() and len(one) > 5 for one in told)
    assert [one for one in told if "frozenset" in one or "object" in one or "(key=" in one] == []


def test_one_is_not_true() -> None:
    """The rule tells them apart, though the language does not."""
    text = EVERYTHING.replace("in_person = true", "in_person = 1")
    assert text != EVERYTHING
    (one,) = differences(parse_rules(EVERYTHING), parse_rules(text))
    assert one.about == "grant pt, requirement either, requirement hours"
    assert one.sentence == "Must show: also in person = 1; no longer in person = true."


def test_every_field_has_a_name() -> None:
    kinds = [model.RuleSet, model.Grant, model.Limit, model.Wording, *needs.Need.__args__]
    names = {each.name for kind in kinds for each in fields(kind)}
    assert names - LABELS.keys() - FLAGS.keys() - APART - {"grants"} == set()


@pytest.mark.parametrize("text", shipped().values(), ids=shipped())
def test_same_text_has_no_difference(text: str) -> None:
    assert differences(parse_rules(text), parse_rules(text)) == ()


def test_notes_and_layout_decide_nothing() -> None:
    (one,) = differences(parse_rules(EVERYTHING), parse_rules(EVERYTHING + "# one word more\n"))
    assert (one.about, one.sentence) == ("", "Nothing that decides: notes or layout of the text alone.")


def test_law_outward_is_not_looked_at() -> None:
    texts = shipped()
    alone = parse_rules(texts["GB-ENG"])
    both = stacked([alone, parse_rules(texts["GB"])])["GB-ENG"]
    assert both.outer is not None
    assert differences(alone, both) == ()


CHANGES = [
    ("review_by = 2027-05-22", "review_by = 2027-08-22", "", "Next review by: 2027-08-22 (was: 2027-05-22)."),
    ("parts_only = true", "parts_only = false", "",
     "A site may lie directly here. Before: No site lies directly here."),
    ("until = 2030-12-31\n", "", "grant pt", "Last day: for good (was: 2030-12-31)."),
    ("until = 2030-12-31", "until = 2031-12-31", "grant pt", "Last day: 2031-12-31 (was: 2030-12-31)."),
    ('confidence = "low"', 'confidence = "high"', "grant pt", "Confidence: high (was: low)."),
    ('["physical_therapist", "chiropractor"]', '["physical_therapist", "osteopath"]', "grant pt",
     "Professions: also osteopath; no longer chiropractor."),
    ("personal = false", "personal = true", "grant pt",
     "It may not be delegated. Before: It may be delegated."),
    ('techniques_never = ["electro"]', 'techniques_never = ["electro", "scar"]', "grant pt, limit",
     "Never with the techniques: also scar."),
    ('[{ say = "Stay", within_days = 30 }]', '[{ say = "Stay" }]', "grant pt",
     "No longer there: duty: Stay (within 30 days)"),
    ("at_least = 25", "at_least = 30", "grant pt, requirement either, requirement both, requirement sessions",
     "At least: 30 (was: 25)."),
    ('content = ["risks"]', 'content = ["risks", "benefits"]', "grant pt, requirement consent",
     "Must say: also benefits."),
    ('source = ["act", "board"]', 'source = ["act"]', "grant pt", "Source: no longer The Board."),
    ('source = ["act", "board"]', 'source = ["board", "act"]', "grant pt",
     "Source: The Board; The Act (section 5), in another order."),
    ('say = "Not yet"', 'say = "Soon"', "grant before", "Sentence: Soon (was: Not yet)."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "about", "sentence"), CHANGES)
def test_change_is_told_where_it_is(old: str, new: str, about: str, sentence: str) -> None:
    assert EVERYTHING.count(old) >= 1
    found = differences(parse_rules(EVERYTHING), parse_rules(EVERYTHING.replace(old, new, 1)))
    assert (about, sentence) in [(one.about, one.sentence) for one in found]


def without(rules: RuleSet, grant: str) -> RuleSet:
    return replace(rules, grants=tuple(one for one in rules.grants if one.id != grant))


def test_grants_come_and_go_with_all_they_say() -> None:
    rules = parse_rules(EXAMPLE)
    less = without(rules, "dc")
    said = (
        "Silent for chiropractor. Source: Board of Physical Therapy, rule 12. Confidence: high. Sentence: No law on"
        " needling by chiropractors was found; the owner must decide and say on what basis. It is contested. Asks for:"
        " At least a chiropractic licence in force (a licence). Source: Board of Physical Therapy, rule 12."
    )
    ((gone,), (new,)) = differences(rules, less), differences(less, rules)
    assert (gone.about, gone.sentence) == ("grant dc", f"No longer there: {said}")
    assert (new.about, new.sentence) == ("grant dc", f"New: {said}")


def test_another_kind_of_requirement_is_another_requirement() -> None:
    old, new = 'need = "document"\nkind = "needling_consent"', 'need = "credential"\nkind = "needling_consent"'
    new = new.replace("needling_consent", "indemnity")
    text = EVERYTHING.replace(old + '\nphase = "before_start"\ncontent = ["risks"]', new)
    found = differences(parse_rules(EVERYTHING), parse_rules(text))
    assert {one.about for one in found} == {"grant pt, requirement consent"}
    assert [one.sentence for one in found] == [
        "No longer there: Consent (a document; kind: needling consent; must say: risks). Source: The Act (section 5).",
        "New: Consent (a credential; kind: indemnity). Source: The Act (section 5).",
    ]
