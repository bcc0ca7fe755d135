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


A_PAPER = '{ id = "paper", need = "document", kind = "referral", say = "x" }'
A_CARD = '{ id = "card", need = "credential", kind = "cpr", say = "x" }'
EXEMPTS = '\n[[exempts]]\nneeds = ["pt.a"]\nsay = "?"\nsource = ["act"]\n'

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
    # requirements of every kind
    ("+", HOURS.replace("hours_total", "hours"), f"{IN_HOURS}of has an unknown word: 'hours'"),
    (
        "+",
        HOURS.replace("at_least = 50", "at_least = 50\nonly_for_months = 0"),
        f"{IN_HOURS}only_for_months must be one or more",
    ),
    (
        'kind = "training"',
        'kind = "training"\nwhere = { exams = true }',
        f"{IN_TRAINING[:-2]}, where: an unknown word: 'exams'",
    ),
    ('kind = "training"', 'kind = "training"\nholder = "clinic"', f"{IN_TRAINING}holder has an unknown word: 'clinic'"),
    (
        'kind = "training"',
        'kind = "training"\naccept_status = ["active"]',
        f"{IN_TRAINING}accept_status has an unknown word: 'active'",
    ),
    (
        'kind = "training"',
        'kind = "training"\naccept_until = 2027-01-01',
        f"{IN_TRAINING}accept_until goes with accept_status",
    ),
    (
        'kind = "training"',
        'kind = "training"\nwhen_regions = ["chest"]',
        f"{IN_TRAINING}when_regions has an unknown word: 'chest'",
    ),
    (
        'kind = "training"',
        'kind = "training"\nphase = "before_start"',
        f"{IN_TRAINING}this need is asked for in the phase assign only",
    ),
    ("+", hours('need = "practised"'), f"{IN_HOURS}years is missing"),
    ("+", hours('need = "practised"\nfte_hours = 36'), f"{IN_HOURS}years is missing"),
    (
        "+",
        hours('need = "supervisor"\nmode = "near"\nprofessions = ["physician"]'),
        f"{IN_HOURS}mode has an unknown word: 'near'",
    ),
    ("+", hours('need = "supervisor"\nmode = "direct"'), f"{IN_HOURS}professions is missing"),
    (
        "+",
        hours('need = "supervisor"\nmode = "direct"\nprofessions = ["physician"]\ngrants = ["md"]'),
        f"{IN_PT}requirement \"hours\": grants names no grant: 'md'",
    ),
    (
        "+",
        hours('need = "supervisor"\nmode = "direct"\nprofessions = ["physician"]\ngrants = ["pt"]\nkinds = ["cpr"]'),
        f"{IN_HOURS}with grants it has no kinds and no issued_by",
    ),
    ("+", hours('need = "patient"'), f"{IN_HOURS}min_age or guardian_under is missing"),
    (
        "+",
        hours('need = "patient"\nguardian_under = 18\nphase = "assign"'),
        f"{IN_HOURS}in the phase assign only min_age is asked for",
    ),
    (
        "+",
        hours('need = "patient"\nmin_age = 12\nguardian_under = 18\nphase = "assign"'),
        f"{IN_HOURS}in the phase assign only min_age is asked for",
    ),
    ("+", CONSENT.replace("phase", 'content = ["luck"]\nphase'), f"{IN_HOURS}content has an unknown word: 'luck'"),
    ("+", CONSENT.replace("phase", 'when = "always"\nphase'), f"{IN_HOURS}when has an unknown word: 'always'"),
    (
        "+",
        CONSENT.replace("before_start", "assign"),
        f"{IN_HOURS}this need is asked for in the phase before_start only",
    ),
    # phases of combinations
    (
        "+",
        hours(f"any = [{A_PAPER}, {A_CARD}]"),
        f'{IN_PT}requirement "hours": its parts are asked for in different phases',
    ),
    (
        "+",
        hours(f'any = [{A_PAPER}, {A_CARD}]\nphase = "before_start"'),
        'grant "pt", requirement "hours", any "card": this need is asked for in the phase assign only',
    ),
    (
        "+",
        hours(f'all = [{A_PAPER}]\nphase = "assign"'),
        'grant "pt", requirement "hours", all "paper": this need is asked for in the phase before_start only',
    ),
    # other parts of a grant
    ('stance = "permitted"', 'stance = "permitted"\nunlicensed = "no"', f"{IN_PT}unlicensed must be true or false"),
    (
        'stance = "permitted"',
        'stance = "permitted"\nwording = { never = ["acupuncture"], show = "?" }',
        f"{IN_PT[:-2]}, wording: unknown key: 'show'",
    ),
    (
        "+",
        '\n[grant.limit]\nnot_both_sides = ["left"]\n',
        f"{IN_PT[:-2]}, limit: not_both_sides has an unknown word: 'left'",
    ),
    ("+", '\n[grant.limit]\nadjunct_only = "yes"\n', f"{IN_PT[:-2]}, limit: adjunct_only must be true or false"),
    (
        "+",
        REFUSED_PT.replace('"physical_therapist"', '"*"'),
        'grant "pt" and grant "no": permitted and prohibited at the same time for physical_therapist',
    ),
    (
        "+",
        REFUSED_PT.replace("physical_therapist", "chiropractor") + "unlicensed = true\n",
        'grant "no": only a permitted or silent grant has requirements and a limit',
    ),
    (
        "+",
        REFUSED_PT.replace("physical_therapist", "chiropractor").replace("prohibited", "silent"),
        'grant "no": a permission must ask for a licence',
    ),
    # law upon law, and what words mean
    ('version = "1"', 'version = "1"\nwithin = "au"', "rule set: within must look like AU, not 'au'"),
    ('version = "1"', 'version = "1"\nwithin = "XX"', "rule set: it is within itself"),
    (
        "[source.act]",
        '[region_means]\nchest = ["thorax"]\n[source.act]',
        "rule set, region_means: an unknown word: 'chest'",
    ),
    (
        "[source.act]",
        '[region_means]\nthorax = ["rib"]\n[source.act]',
        "rule set, region_means: thorax has an unknown word: 'rib'",
    ),
    (
        "[source.act]",
        "[region_means]\nthorax = []\n[source.act]",
        "rule set, region_means: thorax must be a list of one or more words",
    ),
    ("+", EXEMPTS, "rule set: only what is within another exempts from anything"),
    ("+", EXEMPTS.replace('needs = ["pt.a"]\n', ""), "exempts 1: needs is missing"),
    ("+", EXEMPTS.replace('say = "?"\n', ""), "exempts 1: say is missing"),
    ("+", EXEMPTS.replace('source = ["act"]\n', ""), "exempts 1: source is missing"),
    (
        "+",
        EXEMPTS + "from = 2027-01-01\nuntil = 2026-01-01\n",
        "rule set: only what is within another exempts from anything",
        "rule set, exempts 1: from is after until",
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


def test_licence_of_some_visits_only_is_no_licence() -> None:
    text = PLAIN.replace('need = "licence"', 'need = "licence"\nwhen_regions = ["thorax"]')
    assert faults_of(text) == ('line 12: grant "pt": a permission must ask for a licence',)
    assert parse_rules(text.replace('stance = "permitted"', 'stance = "permitted"\nunlicensed = true')).grants


def test_set_within_another_may_leave_the_licence_to_it() -> None:
    text = PLAIN.replace('need = "licence"', 'need = "credential"\nkind = "cpr"')
    assert faults_of(text) == ('line 12: grant "pt": a permission must ask for a licence',)
    assert parse_rules(text.replace('version = "1"', 'version = "1"\nwithin = "YY"')).within == "YY"


# What is changed, and the line and the end of what is said then.
LINES: list[tuple[str, str, int | None, str]] = [
    ('name = "Somewhere"', "", None, "rule set: name is missing"),
    ('id = "pt"', "id = 1", 13, "id must be text in quotes"),
    ('need = "licence"', 'need = "licence"\nlong = 3', 21, "unknown key: 'long'"),
    ('say = "A licence"', "", 18, "say is missing"),
    # brackets, keys and quotes within a text, and within a remark
    ('say = "A licence"', 'say = """A [licence]\n\nx = 1\n"""\nlong = 3', 25, "unknown key: 'long'"),
    ('say = "A licence"', "say = '''A \"\n[[grant]]'''\nlong = 3", 23, "unknown key: 'long'"),
    ("[source.act]", "# [[grant]] [\n[source.act] # ]\nlong = '#\"['", 11, "unknown key: 'long'"),
    # lists over several lines, and tables within them
    ("+", HOURS.replace("50", "0"), 35, "at_least must be one or more"),
    ("+", HOURS.replace("at_least", "where = { days = 1.5 }\nat_least"), 35, "true or false, or a list of such"),
    ("+", hours(f"any = [\n  {A_CARD},\n  {A_CARD.replace('cpr', 'cp')},\n]"), 35, "kind has an unknown word: 'cp'"),
    ("+", hours(f"any = [\n  {A_CARD},\n  {A_CARD},\n]"), 35, "two requirements have the id 'card'"),
    ("+", hours(f"any = [ # [ {{\n  {A_CARD},\n]\nlong = [\n  1,\n]"), 36, "unknown key: 'long'"),
    # between the parts of the text
    ("+", REFUSED_PT, 31, "permitted and prohibited at the same time for physical_therapist"),
    ("review_by = 2027-05-22", "review_by = 2026-11-21", 7, "review_by is before reviewed_on"),
]


@pytest.mark.parametrize(("old", "new", "line", "fault"), LINES)
def test_fault_begins_with_its_line(old: str, new: str, line: int | None, fault: str) -> None:
    text = changed(old, new)
    begins, begins_with_file = (f"line {line}: ", f"XX.toml:{line}: ") if line else ("rule set", "XX.toml: ")
    ((plain,), (with_file,)) = (faults_of(text), faults_of(text, "XX.toml"))
    assert plain.startswith(begins)
    assert plain.endswith(fault)
    assert with_file.startswith(begins_with_file)
    assert with_file.endswith(fault)


def test_text_that_is_not_toml_names_its_file() -> None:
    (fault,) = faults_of("jurisdiction = ", "XX.toml")
    assert fault.startswith("XX.toml: not TOML: ")
