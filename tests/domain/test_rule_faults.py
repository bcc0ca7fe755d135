"""Faults of rule sets: each is named by the grant and the requirement it is in, and none stops the others."""

import re
from datetime import date

import pytest

from booking.domain.errors import RulesInvalid
from booking.domain.rules import parse_rules

PLAIN = """
jurisdiction = "XX"
name = "Somewhere"
version = "1"
confidence = "high"
reviewed_on = 2026-11-22
review_by = 2027-05-22

[source.act]
title = "The Act"

[[grant]]
id = "pt"
professions = ["physical_therapist"]
stance = "permitted"
source = ["act"]

[[grant.require]]
id = "licence"
need = "licence"
say = "A licence"
source = ["act"]

[[grant.require]]
id = "training"
need = "credential"
kind = "training"
say = "Training"
source = ["act"]
"""
IN_PT = 'grant "pt": '
IN_LICENCE = 'grant "pt", requirement "licence": '
IN_TRAINING = 'grant "pt", requirement "training": '
REFUSED_PT = """
[[grant]]
id = "no"
professions = ["physical_therapist"]
stance = "prohibited"
say = "No"
source = ["act"]
"""
HOURS = """
[[grant.require]]
id = "hours"
need = "total"
of = "hours_total"
at_least = 50
say = "Hours"
source = ["act"]
"""
YEARS = HOURS.replace('"total"', '"practised"').replace('of = "hours_total"\nat_least = 50', "years = 2")
CONSENT = HOURS.replace('"total"', '"document"').replace(
    'of = "hours_total"\nat_least = 50', 'kind = "needling_consent"\nphase = "before_start"'
)
LIMIT = '\n[grant.limit]\ntechniques_never = ["electro"]\n'
NO_VALUE = (
    'grant "pt", requirement "training", where: days must be text, a whole number, true or false, or a list of such'
)
IN_HOURS = 'grant "pt", requirement "hours": '


def hours(instead: str) -> str:
    """The requirement of hours, asking for something else."""
    return HOURS.replace('need = "total"\nof = "hours_total"\nat_least = 50', instead)


# What is replaced in the plain text, by what, and what is said then. "+" adds to its end.
FAULTS: list[tuple[str, ...]] = [
    # the rule set
    ('jurisdiction = "XX"\n', "", "rule set: jurisdiction is missing"),
    (
        'jurisdiction = "XX"',
        'jurisdiction = "washington"',
        "rule set: jurisdiction must look like US-WA, not 'washington'",
    ),
    ('name = "Somewhere"', 'name = " "', "rule set: name is empty"),
    ('version = "1"', "version = 1", "rule set: version must be text in quotes"),
    ('confidence = "high"', 'confidence = "certain"', "rule set: confidence has an unknown word: 'certain'"),
    (
        "reviewed_on = 2026-11-22",
        'reviewed_on = "2026-11-22"',
        "rule set: reviewed_on must be a date, such as 2026-11-22",
    ),
    (
        "review_by = 2027-05-22",
        "review_by = 2027-05-22T00:00:00Z",
        "rule set: review_by must be a date, such as 2026-11-22",
    ),
    ("review_by = 2027-05-22", "review_by = 2026-11-21", "rule set: review_by is before reviewed_on"),
    ("review_by = 2027-05-22\n", "", "rule set: review_by is missing"),
    ('version = "1"', 'version = "1"\nrevised = true', "rule set: unknown key: 'revised'"),
    (
        'title = "The Act"',
        'name = "The Act"',
        "rule set, source, act: title is missing",
        "rule set, source, act: unknown key: 'name'",
    ),
    (
        "[source.act]\n",
        "[sources.act]\n",
        "rule set: source is missing",
        f"{IN_PT}source has an unknown word: 'act'",
        f"{IN_LICENCE}source has an unknown word: 'act'",
        f"{IN_TRAINING}source has an unknown word: 'act'",
        "rule set: unknown key: 'sources'",
    ),
    # a grant
    ('id = "pt"\n', "", "grant 1: id is missing"),
    ('id = "pt"', 'id = "P T"', "grant \"P T\": id must look like pt, not 'P T'"),
    ('professions = ["physical_therapist"]\n', "", f"{IN_PT}professions is missing"),
    (
        'professions = ["physical_therapist"]',
        "professions = []",
        f"{IN_PT}professions must be a list of one or more words",
    ),
    (
        'professions = ["physical_therapist"]',
        'professions = ["surgeon"]',
        f"{IN_PT}professions has an unknown word: 'surgeon'",
    ),
    (
        'professions = ["physical_therapist"]',
        'professions = "physical_therapist"',
        f"{IN_PT}professions must be a list of one or more words",
    ),
    ('["physical_therapist"]', '["chiropractor", "chiropractor"]', f"{IN_PT}professions names a word twice"),
    ('stance = "permitted"', 'stance = "allowed"', f"{IN_PT}stance has an unknown word: 'allowed'"),
    ('stance = "permitted"', 'stance = "permitted"\nsince = 2024-01-01', f"{IN_PT}unknown key: 'since'"),
    (
        'stance = "permitted"',
        'stance = "permitted"\nfrom = 2024-02-01\nuntil = 2024-01-31',
        f"{IN_PT}from is after until",
    ),
    ('stance = "permitted"', 'stance = "permitted"\nfrom = "2024"', f"{IN_PT}from must be a date, such as 2026-11-22"),
    (
        'stance = "permitted"',
        'stance = "permitted"\nexpected = 2027-07-01',
        f"{IN_PT}only a pending grant has expected",
    ),
    (
        'stance = "permitted"',
        'stance = "prohibited"\nsay = "?"',
        f"{IN_PT}only a permitted or silent grant has requirements and a limit",
    ),
    ('stance = "permitted"', 'stance = "permitted"\npersonal = "yes"', f"{IN_PT}personal must be true or false"),
    (
        'stance = "permitted"',
        'stance = "permitted"\nduty = [{ within_days = 0 }]',
        'grant "pt", duty 1: say is missing',
        'grant "pt", duty 1: within_days must be one or more',
    ),
    ('stance = "permitted"\nsource = ["act"]', 'stance = "permitted"', f"{IN_PT}source is missing"),
    (
        'stance = "permitted"\nsource = ["act"]',
        'stance = "permitted"\nsource = ["bill"]',
        f"{IN_PT}source has an unknown word: 'bill'",
    ),
    ("+", REFUSED_PT, 'grant "pt" and grant "no": permitted and prohibited at the same time for physical_therapist'),
    (
        "+",
        REFUSED_PT.replace('say = "No"\n', "").replace("physical_therapist", "chiropractor"),
        'grant "no": say is missing, the sentence that tells why not',
    ),
    (
        "+",
        REFUSED_PT.replace('"no"', '"pt"').replace("physical_therapist", "chiropractor"),
        "rule set: two grants have the id 'pt'",
    ),
    (
        "+",
        REFUSED_PT.replace("physical_therapist", "chiropractor") + LIMIT,
        'grant "no": only a permitted or silent grant has requirements and a limit',
    ),
    # a limit
    ("+", LIMIT.replace("electro", "laser"), "grant \"pt\", limit: techniques_never has an unknown word: 'laser'"),
    (
        "+",
        LIMIT.replace("techniques_never", "regions_never"),
        "grant \"pt\", limit: regions_never has an unknown word: 'electro'",
    ),
    ("+", LIMIT.replace("techniques_never", "technique_never"), "grant \"pt\", limit: unknown key: 'technique_never'"),
    (
        "+",
        "\n[grant.limit]\nregions_only = []\n",
        'grant "pt", limit: regions_only must be a list of one or more words',
    ),
    # requirements
    ('id = "licence"\n', "", 'grant "pt", requirement 1: id is missing'),
    ('id = "training"', 'id = "licence"', "grant \"pt\": two requirements have the id 'licence'"),
    ('need = "licence"\n', "", f"{IN_LICENCE}need is missing"),
    ('need = "credential"', 'need = "diploma"', f"{IN_TRAINING}need has an unknown word: 'diploma'"),
    ('say = "A licence"\n', "", f"{IN_LICENCE}say is missing"),
    ('say = "A licence"\nsource = ["act"]', 'say = "A licence"', f"{IN_LICENCE}source is missing"),
    ('need = "licence"', 'need = "licence"\ncompact = 1', f"{IN_LICENCE}compact must be true or false"),
    ('need = "licence"', 'need = "licence"\ncovers = ["regions"]', f"{IN_LICENCE}unknown key: 'covers'"),
    (
        'need = "licence"',
        'need = "licence"\nimplied_by = "board"',
        'grant "pt": requirement "licence": implied_by names no other requirement: \'board\'',
    ),
    (
        'need = "licence"',
        'need = "licence"\nimplied_by = "licence"',
        'grant "pt": requirement "licence": implied_by names no other requirement: \'licence\'',
    ),
    ('need = "licence"', 'need = "credential"\nkind = "licence"', f"{IN_PT}a permission must ask for a licence"),
    ('kind = "training"\n', "", f"{IN_TRAINING}kind is missing"),
    ('kind = "training"', 'kind = "trainig"', f"{IN_TRAINING}kind has an unknown word: 'trainig'"),
    (
        'kind = "training"',
        'kind = "training"\ncovers = ["region"]',
        f"{IN_TRAINING}covers has an unknown word: 'region'",
    ),
    (
        'kind = "training"',
        'kind = "training"\nissued_by = "Board"',
        f"{IN_TRAINING}issued_by must look like US-WA, not 'Board'",
    ),
    ('kind = "training"', 'kind = "training"\nwhere = { days = 1.5 }', NO_VALUE),
    ('kind = "training"', 'kind = "training"\nwhere = { days = [] }', NO_VALUE),
    ("+", HOURS.replace("50", "0"), f"{IN_HOURS}at_least must be one or more"),
    ("+", HOURS.replace("50", "true"), f"{IN_HOURS}at_least must be a whole number"),
    ("+", HOURS.replace("at_least = 50\n", ""), f"{IN_HOURS}at_least is missing"),
    (
        "+",
        HOURS.replace("at_least", "at_leest"),
        f"{IN_HOURS}at_least is missing",
        f"{IN_HOURS}unknown key: 'at_leest'",
    ),
    ("+", HOURS.replace('of = "hours_total"\n', ""), f"{IN_HOURS}of is missing"),
    ("+", YEARS.replace("2", "1.5"), f"{IN_HOURS}years must be a whole number"),
    ("+", YEARS.replace("2", '2\nwhere_counted = "home"'), f"{IN_HOURS}where_counted has an unknown word: 'home'"),
    ("+", CONSENT.replace("needling_consent", "handshake"), f"{IN_HOURS}kind has an unknown word: 'handshake'"),
    ("+", CONSENT.replace("before_start", "later"), f"{IN_HOURS}phase has an unknown word: 'later'"),
    # combinations
    ("+", hours("any = []"), f"{IN_HOURS}any is empty"),
    (
        "+",
        HOURS.replace(
            'of = "hours_total"\nat_least = 50', 'all = [{ id = "x", need = "practised", years = 1, say = "x" }]'
        ),
        f"{IN_HOURS}unknown key: 'need'",
    ),
    (
        "+",
        hours('any = [{ id = "x", need = "practised", say = "x" }]'),
        'grant "pt", requirement "hours", any "x": years is missing',
    ),
    (
        "+",
        hours('any = [{ id = "licence", need = "practised", years = 1, say = "x" }]'),
        "grant \"pt\": two requirements have the id 'licence'",
    ),
]


def changed(old: str, new: str) -> str:
    return PLAIN + new if old == "+" else PLAIN.replace(old, new, 1)


def faults_of(text: str, file: str = "") -> tuple[str, ...]:
    with pytest.raises(RulesInvalid) as refusal:
        parse_rules(text, file)
    faults: tuple[str, ...] = refusal.value.details["faults"]
    assert refusal.value.message == "; ".join(faults)
    return faults


@pytest.mark.parametrize("case", FAULTS, ids=[case[2] for case in FAULTS])
def test_fault_is_named(case: tuple[str, ...]) -> None:
    old, new, *expected = case
    assert [re.sub(r"^line \d+: ", "", fault) for fault in faults_of(changed(old, new))] == expected


def test_all_faults_are_named_at_once() -> None:
    text = PLAIN.replace('stance = "permitted"', 'stance = "maybe"').replace('kind = "training"', 'kind = "course"')
    assert faults_of(text) == (
        f"line 15: {IN_PT}stance has an unknown word: 'maybe'",
        f"line 27: {IN_TRAINING}kind has an unknown word: 'course'",
    )


@pytest.mark.parametrize("text", ["jurisdiction = ", "[[grant]\n", 'name = "a"\nname = "b"\n', "\0"])
def test_text_that_is_not_toml_is_refused(text: str) -> None:
    with pytest.raises(RulesInvalid, match=r"^not TOML: "):
        parse_rules(text)


def test_review_may_be_due_at_once() -> None:
    assert parse_rules(PLAIN.replace("2027-05-22", "2026-11-22")).review_by == date(2026, 11, 22)


def test_rule_set_without_grants_is_refused() -> None:
    with pytest.raises(RulesInvalid, match=r"^rule set: there is no grant$"):
        parse_rules(PLAIN.partition("[[grant]]")[0])


@pytest.mark.parametrize(
    ("stance", "window", "meets"),
    [
        ("prohibited", "until = 2023-12-31", False),
        ("prohibited", "until = 2024-01-01", True),
        ("prohibited", "from = 2025-01-01", False),
        ("prohibited", "from = 2024-12-31", True),
        ("prohibited", "from = 2024-05-01\nuntil = 2024-05-01", True),
        ("prohibited", "", True),
        ("silent", "", True),
        ("pending", "from = 2024-06-01", True),
        ("pending", "from = 2025-06-01", False),
    ],
)
def test_refusal_and_permission_of_one_profession_may_not_meet(stance: str, window: str, *, meets: bool) -> None:
    text = PLAIN.replace('stance = "permitted"', 'stance = "permitted"\nfrom = 2024-01-01\nuntil = 2024-12-31')
    text += REFUSED_PT.replace('stance = "prohibited"', f'stance = "{stance}"\n{window}')
    if not meets:
        assert [grant.id for grant in parse_rules(text).grants] == ["pt", "no"]
        return
    with pytest.raises(RulesInvalid, match=f"permitted and {stance} at the same time for physical_therapist"):
        parse_rules(text)


def test_two_permissions_at_a_time_add_up() -> None:
    second = PLAIN.partition("[[grant]]")[2].replace('id = "pt"', 'id = "pt-2"')
    assert [grant.id for grant in parse_rules(f"{PLAIN}\n[[grant]]{second}").grants] == ["pt", "pt-2"]


LICENCES = {
    'any = [{ id = "a", need = "licence", say = "a" }, { id = "b", need = "licence", say = "b" }]': True,
    'any = [{ id = "a", need = "licence", say = "a" }, { id = "b", need = "practised", years = 1, say = "b" }]': False,
    'all = [{ id = "a", need = "licence", say = "a" }, { id = "b", need = "practised", years = 1, say = "b" }]': True,
    'all = [{ id = "b", need = "practised", years = 1, say = "b" }]': False,
}


@pytest.mark.parametrize(("combination", "sound"), LICENCES.items())
def test_no_way_round_the_licence_is_allowed(combination: str, *, sound: bool) -> None:
    text = PLAIN.replace('id = "licence"\nneed = "licence"', f'id = "licence"\n{combination}')
    if sound:
        assert parse_rules(text).grants[0].needs[0].id == "licence"
        return
    with pytest.raises(RulesInvalid, match=r"a permission must ask for a licence$"):
        parse_rules(text)
