"""Reading a clinic's file: what it means, and each fault by its place."""

from datetime import date

import pytest

from booking.domain.credential import Suspension
from booking.domain.errors import ClinicInvalid
from booking.domain.policy import BookingPolicy
from booking.domain.time.local import LocalSpan
from booking.usecases.clinic_file import read_clinic
from booking.usecases.clinic_file.model import AbsenceFile, HoursFile

PLAIN = """
format = 1

[clinic]
slug = "plain"
name = "Plain Clinic"
zone = "America/Denver"

[clinic.policy]
grid_minutes = 20

[[rules]]
jurisdiction = "US-MT"
version = "2026-11-22"
adopted_by = "Olive Owner"
adopted_on = 2026-11-22

[[site]]
slug = "missoula"
name = "Missoula"
address = "1 Higgins Avenue, Missoula"
zone = "America/Denver"
jurisdiction = "US-MT"

[[site.room]]
slug = "larch"
name = "Larch room"

[[treatment]]
slug = "needling"
name = "Dry needling"
minutes = 30
regions = ["lumbar"]
techniques = ["trigger_point"]
price = 9500
currency = "USD"

[[practitioner]]
slug = "ada"
name = "Ada Byrne"
profession = "chiropractor"

[[practitioner.hours]]
site = "missoula"
days = ["mon", "fri"]
from = "09:00"
to = "17:30"

[[practitioner.leave]]
first = 2027-01-02
last = 2027-01-09

[[practitioner.credential]]
slug = "licence"
kind = "licence"
jurisdiction = "US-MT"
valid_from = 2020-01-01

[[practitioner.credential.suspension]]
first = 2027-02-01
"""

LEFT_OUT_OF_SITE = 'address = "1 Higgins Avenue, Missoula"\nzone = "America/Denver"\njurisdiction = "US-MT"\n'
IN_HOURS = 'practitioner "ada", hours 1: '
IN_LICENCE = 'practitioner "ada", credential "licence": '
IN_HOLE = 'practitioner "ada", credential "licence", suspension 1: '

FAULTS: list[tuple[str, ...]] = [
    ("format = 1\n", "", "the file: format is missing"),
    ("format = 1", "format = 2", "the file: format must be 1"),
    ("format = 1", 'format = "1"', "the file: format must be a whole number"),
    ("format = 1", "format = 1\nclinics = 1", "the file: unknown key: 'clinics'"),
    ("[[site]]", "[site]", "the file: site must be a list"),
    # the clinic
    ('slug = "plain"', 'slug = "Plain Clinic"', "clinic: slug must look like upper-back, not 'Plain Clinic'"),
    ('slug = "plain"', 'slug = "?"', "clinic: slug must look like upper-back, not '?'"),
    ('name = "Plain Clinic"\n', "", "clinic: name is missing"),
    ('name = "Plain Clinic"', 'name = " "', "clinic: name is empty"),
    (
        'name = "Plain Clinic"',
        r'name = "Plain\nClinic"',
        "clinic: name must be one line without control characters",
    ),
    (
        'name = "Plain Clinic"',
        'name = "Plain"\nemail = "a@b.example\\nBcc: c@d.example"',
        "clinic: email must be one line without control characters",
    ),
    (
        'zone = "America/Denver"\n\n[clinic.policy]',
        'zone = "Montana"\n[clinic.policy]',
        "clinic: zone must be the name of a time zone, such as Europe/London, not 'Montana'",
    ),
    ('name = "Plain Clinic"', 'name = "Plain"\nphnoe = "1"', "clinic: unknown key: 'phnoe'"),
    ("grid_minutes = 20", "grid_minutes = 7", "clinic, policy: grid_minutes must be one of 5, 10, 15, 20, 30, 60"),
    ("grid_minutes = 20", 'grid_minutes = "20"', "clinic, policy: grid_minutes must be a whole number"),
    ("grid_minutes = 20", "notice_minutes = -5", "clinic, policy: notice_minutes must be from 0 to 86400"),
    ("grid_minutes = 20", "notice_minutes = true", "clinic, policy: notice_minutes must be a whole number"),
    ("grid_minutes = 20", "horizon_days = 0", "clinic, policy: horizon_days must be from 1 to 730"),
    ("grid_minutes = 20", "grid = 20", "clinic, policy: unknown key: 'grid'"),
    # the rules
    ('version = "2026-11-22"', "version = 2026-11-22", "rules 1: version must be text in quotes"),
    ('adopted_by = "Olive Owner"\n', "", "rules 1: adopted_by is missing"),
    (
        "adopted_on = 2026-11-22",
        'adopted_on = "today"',
        "rules 1: adopted_on must be a date, such as 2026-11-22",
    ),
    (
        '[[rules]]\njurisdiction = "US-MT"',
        '[[rules]]\njurisdiction = "Montana"',
        "rules 1: jurisdiction must look like US-WA, not 'Montana'",
    ),
    (
        '[[rules]]\njurisdiction = "US-MT"',
        '[[rules]]\njurisdiction = "US-WA"',
        'site "missoula": it is in US-MT, whose rules this file does not adopt',
    ),
    # sites and rooms
    ('address = "1 Higgins Avenue, Missoula"\n', "", 'site "missoula": address is missing'),
    (LEFT_OUT_OF_SITE, LEFT_OUT_OF_SITE + "phone = 1\n", "site \"missoula\": unknown key: 'phone'"),
    ('name = "Larch room"\n', "", 'site "missoula", room "larch": name is missing'),
    ('name = "Larch room"', 'name = "Larch"\nbeds = 2', 'site "missoula", room "larch": unknown key: \'beds\''),
    (
        '[[site.room]]\nslug = "larch"\nname = "Larch room"',
        'room = [{ slug = "larch", name = "One" }, { slug = "larch", name = "Two" }]',
        'the file: there are two: room "larch"',
    ),
    # treatments
    ("minutes = 30\n", "", 'treatment "needling": minutes is missing'),
    ("minutes = 30", 'minutes = "30"', 'treatment "needling": minutes must be a whole number'),
    ("minutes = 30", "minutes = 0", 'treatment "needling": minutes must be from 5 to 720'),
    ("minutes = 30", "minutes = 33", 'treatment "needling": minutes and buffers must be multiples of 5'),
    (
        "minutes = 30",
        "minutes = 30\nbuffer_after = 3",
        'treatment "needling": minutes and buffers must be multiples of 5',
    ),
    (
        "minutes = 30",
        "minutes = 600\nbuffer_before = 60\nbuffer_after = 65",
        'treatment "needling": a visit with its buffers takes at most 12 hours',
    ),
    ('regions = ["lumbar"]', 'regions = ["back"]', "treatment \"needling\": regions has an unknown word: 'back'"),
    (
        'regions = ["lumbar"]\n',
        "",
        'treatment "needling": a treatment with needles has both regions and techniques, one without has neither',
    ),
    (
        'currency = "USD"\n',
        "",
        'treatment "needling": price (in the smallest unit, such as cents) and currency go together',
    ),
    ('currency = "USD"', 'currency = "$"', "treatment \"needling\": currency must look like USD, not '$'"),
    ("price = 9500", "price = 95.0", 'treatment "needling": price must be a whole number'),
    ("price = 9500", "price = -1", 'treatment "needling": price must be from 0 to 10000000'),
    ("price = 9500", 'price = 9500\nonline = "no"', 'treatment "needling": online must be true or false'),
    (
        "price = 9500",
        'price = 9500\ndescription = "a\\u0000b"',
        'treatment "needling": description must be without control characters',
    ),
    # people and their hours
    (
        'profession = "chiropractor"',
        'profession = "healer"',
        "practitioner \"ada\": profession has an unknown word: 'healer'",
    ),
    (
        '[[practitioner]]\nslug = "ada"\nname = "Ada Byrne"\nprofession = "chiropractor"',
        (
            '[[practitioner]]\nslug = "ada"\nname = "A"\nprofession = "chiropractor"\n'
            '[[practitioner]]\nslug = "ada"\nname = "Ada Byrne"\nprofession = "chiropractor"'
        ),
        'the file: there are two: practitioner "ada"',
    ),
    ('days = ["mon", "fri"]\n', "", f"{IN_HOURS}days is missing"),
    ('days = ["mon", "fri"]', "days = []", f"{IN_HOURS}days must be a list of one or more words"),
    ('days = ["mon", "fri"]', 'days = ["monday", "fri"]', f"{IN_HOURS}days has an unknown word: 'monday'"),
    ('days = ["mon", "fri"]', 'days = ["mon", "mon"]', f"{IN_HOURS}days names a word twice"),
    ('from = "09:00"', 'from = "9:00"', f"{IN_HOURS}from must look like \"09:30\", not '9:00'"),
    ('from = "09:00"', "from = 09:00:00", f"{IN_HOURS}from must be text in quotes"),
    ('from = "09:00"', 'from = "09:07"', f"{IN_HOURS}from must be a multiple of 5 minutes"),
    ('from = "09:00"', 'from = "17:30"', f"{IN_HOURS}from must be before to"),
    ('to = "17:30"', 'to = "25:00"', f"{IN_HOURS}to must look like \"09:30\", not '25:00'"),
    ('to = "17:30"\n', "", f"{IN_HOURS}to is missing"),
    (
        'to = "17:30"',
        'to = "17:30"\nvalid_from = 2027-02-01\nvalid_until = 2027-01-31',
        f"{IN_HOURS}valid_until is before valid_from",
    ),
    (
        'to = "17:30"',
        'to = "17:30"\nvalid_until = "soon"',
        f"{IN_HOURS}valid_until must be a date, such as 2026-11-22",
    ),
    (
        'site = "missoula"',
        'site = "butte"',
        "practitioner \"ada\": hours at 'butte', which is no site of this file",
    ),
    ("last = 2027-01-09", "last = 2027-01-01", 'practitioner "ada", leave 1: last is before first'),
    (
        "last = 2027-01-09",
        'last = "later"',
        'practitioner "ada", leave 1: last must be a date, such as 2026-11-22',
    ),
    # credentials
    ('kind = "licence"', 'kind = "license"', f"{IN_LICENCE}kind has an unknown word: 'license'"),
    (
        'jurisdiction = "US-MT"\nvalid_from',
        'jurisdiction = "Montana"\nvalid_from',
        f"{IN_LICENCE}jurisdiction must look like US-WA, not 'Montana'",
    ),
    (
        "valid_from = 2020-01-01",
        "valid_from = 2020-01-01\nvalid_until = 2019-12-31",
        f"{IN_LICENCE}valid_until is before valid_from",
    ),
    (
        "valid_from = 2020-01-01",
        'valid_from = 2020-01-01\nverified = "yes"',
        f"{IN_LICENCE}verified must be true or false",
    ),
    (
        "valid_from = 2020-01-01",
        "valid_from = 2020-01-01\nattributes = { hours_total = 32.5 }",
        'practitioner "ada", credential "licence", attributes: hours_total must be true, false, a whole number or text',
    ),
    ("first = 2027-02-01", "first = 2027-02-01\nlast = 2027-01-31", f"{IN_HOLE}last is before first"),
    ("first = 2027-02-01", "last = 2027-02-01", f"{IN_HOLE}first is missing"),
    (
        '[[practitioner.credential]]\nslug = "licence"',
        (
            '[[practitioner.credential]]\nslug = "licence"\nkind = "training"\n'
            '[[practitioner.credential]]\nslug = "licence"'
        ),
        'the file: there are two: practitioner "ada", credential "licence"',
    ),
]


def faults_of(text: str) -> list[str]:
    with pytest.raises(ClinicInvalid) as refused:
        read_clinic(text)
    return list(refused.value.details["faults"])


@pytest.mark.parametrize(("old", "new", "faults"), [(old, new, rest) for old, new, *rest in FAULTS])
def test_fault_is_named_with_its_place(old: str, new: str, faults: list[str]) -> None:
    assert PLAIN.count(old) == 1
    assert faults_of(PLAIN.replace(old, new)) == faults


def test_all_faults_are_named_in_one_pass() -> None:
    text = PLAIN.replace('name = "Larch room"\n', "").replace("minutes = 30", "minutes = 31").replace('"mon", ', "1, ")
    assert faults_of(text) == [
        'site "missoula", room "larch": name is missing',
        'treatment "needling": minutes and buffers must be multiples of 5',
        'practitioner "ada", hours 1: days must be a list of one or more words',
    ]


def test_text_that_is_not_toml_is_refused_with_the_line() -> None:
    assert faults_of("format = 1\nclinic = [")[0].startswith("this is not TOML: ")


def test_empty_file_lacks_format_and_clinic() -> None:
    assert faults_of("") == [
        "the file: format is missing",
        *(f"clinic: {key} is missing" for key in ("slug", "name", "zone")),
    ]


def test_what_is_left_out_has_its_usual_value() -> None:
    file = read_clinic(PLAIN.replace("[clinic.policy]\ngrid_minutes = 20\n", ""))
    about, treatment, paper = file.clinic, file.treatments[0], file.practitioners[0].credentials[0]
    assert (about.phone, about.email, about.language, about.calendar_label) == ("", "", "en", "Appointment")
    assert about.policy == BookingPolicy(grid_minutes=15, notice_minutes=120, horizon_days=60)
    assert (treatment.description, treatment.buffer_before, treatment.buffer_after, treatment.online) == (
        "",
        0,
        0,
        True,
    )
    assert (paper.profession, paper.number, paper.valid_until, paper.verified) == (None, None, None, None)
    assert (paper.regions, paper.techniques, paper.attributes, paper.home) == (None, None, {}, None)


def test_treatment_without_needles_or_price_names_neither() -> None:
    needles = 'regions = ["lumbar"]\ntechniques = ["trigger_point"]\nprice = 9500\ncurrency = "USD"\n'
    treatment = read_clinic(PLAIN.replace(needles, "")).treatments[0]
    assert (treatment.regions, treatment.techniques) == (frozenset(), frozenset())
    assert (treatment.price, treatment.currency) == (None, None)


def test_hours_are_a_stretch_for_each_day_in_minutes() -> None:
    ada = read_clinic(PLAIN.replace('to = "17:30"', 'to = "24:00"\nvalid_from = 2027-01-01')).practitioners[0]
    first = HoursFile(
        site="missoula",
        weekday=0,
        start_minute=540,
        end_minute=1440,
        valid_from=date(2027, 1, 1),
        valid_until=None,
        every_weeks=1,
        week_of=None,
    )
    assert [(one.weekday, one.start_minute, one.end_minute) for one in ada.hours] == [(0, 540, 1440), (4, 540, 1440)]
    assert ada.hours[0] == first


def test_leave_and_suspensions_are_local_days() -> None:
    ada = read_clinic(PLAIN).practitioners[0]
    assert ada.leave == (AbsenceFile(days=LocalSpan(first=date(2027, 1, 2), last=date(2027, 1, 9)), reason=""),)
    assert ada.credentials[0].suspensions == (Suspension(first=date(2027, 2, 1)),)


@pytest.mark.parametrize("name", ["Zoë Ångström-Nguyễn", "نیلوفر می‌خواهد", "Lê 李"])
def test_names_may_be_of_any_script(name: str) -> None:
    assert read_clinic(PLAIN.replace("Ada Byrne", name)).practitioners[0].name == name


def test_description_may_have_several_lines() -> None:
    text = PLAIN.replace("minutes = 30", 'minutes = 30\ndescription = """One.\nTwo."""')
    assert read_clinic(text).treatments[0].description == "One.\nTwo."
