"""Fifty people and what they have on file, and twenty treatments, at a place: in the plain tables of `day_by_day`.

Nobody is drawn: person after person differs by their number, as a large clinic's people do. Most renew their papers
each year, some too late; some were suspended for weeks, some are in training, some have a paper that nobody has
verified.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product

from tests.domain.day_by_day import Question, Table
from tests.domain.lottery import EMPTY

PEOPLE = 50
YEAR = 2026
DAYS = [date(YEAR, 1, 1) + timedelta(days=number) for number in range(365)]
REGIONS = (
    {"lumbar"}, {"shoulder"}, {"upper_trapezius", "scapular"}, {"knee", "thigh"}, {"neck_posterior"},
    {"gluteal_hip", "lumbar"}, {"forearm", "elbow"}, {"thorax"}, {"head_face"}, {"ankle_foot", "lower_leg"},
)  # fmt: skip
TECHNIQUES = ({"trigger_point"}, {"electro", "retention"})
TREATMENTS = list(product(REGIONS, TECHNIQUES))
MILL = "mill"


@dataclass(frozen=True, kw_only=True)
class Where:
    """A place, its professions by turns, the papers that each of them has there, and those of the site."""

    place: str
    zone: str
    professions: tuple[str, ...]
    issuer: str
    papers: tuple[Table, ...]
    site_file: list[Table] = field(default_factory=list)


def paper(kind: str, **more: object) -> Table:
    return {**EMPTY, "kind": kind, **more}


def of_the_site(kind: str, place: str) -> list[Table]:
    """One that ended in spring, and the one that follows it after a week."""
    first, last = date(YEAR, 4, 14), date(YEAR, 4, 22)
    return [paper(kind, jurisdiction=place, valid_until=first), paper(kind, jurisdiction=place, valid_from=last)]


WASHINGTON = Where(
    place="US-WA",
    zone="America/Los_Angeles",
    professions=("physical_therapist",) * 7 + ("acupuncturist", "acupuncturist", "chiropractor"),
    issuer="US-WA",
    papers=(
        {"kind": "endorsement", "jurisdiction": "US-WA", "valid_from": date(2024, 7, 1)},
        {"kind": "practice", "attributes": {"practice_hours": 2000}},
    ),
)
WALES = Where(
    place="GB-WLS",
    zone="Europe/London",
    professions=("physical_therapist",) * 5 + ("osteopath", "chiropractor", "acupuncturist", "physician", "podiatrist"),
    issuer="GB",
    papers=(
        {"kind": "indemnity"},
        {"kind": "infection_control_award", "valid_from": date(2024, 9, 1)},
        {
            "kind": "special_procedure_licence",
            "jurisdiction": "GB-WLS",
            "valid_from": date(2024, 11, 29),
            "valid_until": date(YEAR, 11, 28),
            "attributes": {"procedure": "acupuncture", "sites": f"{MILL} north"},
        },
    ),
    site_file=of_the_site("premises_approval", "GB-WLS"),
)
CANBERRA = Where(
    place="AU-ACT",
    zone="Australia/Sydney",
    professions=("physical_therapist",) * 5
    + ("osteopath", "chiropractor", "acupuncturist", "podiatrist", "massage_therapist"),
    issuer="AU",
    papers=(),
    site_file=of_the_site("infection_control_licence", "AU-ACT"),
)


def questions(where: Where) -> list[Question]:
    """Everybody with every treatment; all are colleagues."""
    people = [person(where, number) for number in range(PEOPLE)]
    everybody = [replace(one, colleagues=[]) for one in people]
    return [
        replace(one, regions=regions, techniques=techniques, colleagues=everybody)
        for one in people
        for regions, techniques in TREATMENTS
    ]


def person(where: Where, number: int) -> Question:
    profession = where.professions[number % len(where.professions)]
    papers = [EMPTY | one | {"profession": profession} for one in where.papers]
    file = [*licences(where, profession, number), *papers, *training(number)]
    if number % 9 == 4:
        file[number % len(file)] |= {"verification": "pending"}
    return Question(name=f"person-{number}", profession=profession, file=file, site=MILL, site_file=where.site_file)


def licences(where: Where, profession: str, number: int) -> list[Table]:
    """One for each of four years; every sixth person renews three weeks late, every seventh was suspended."""
    late = timedelta(days=21 if number % 6 == 5 else 0)
    birthday = date(2024, 1, 1) + timedelta(days=number * 7)
    found = []
    for year in range(2024, 2028):
        start, end = birthday.replace(year=year), birthday.replace(year=year + 1) - timedelta(days=1)
        found.append(
            paper(
                "licence",
                jurisdiction=where.issuer,
                profession=profession,
                valid_from=start if year == 2024 else start + late,
                valid_until=end,
            )
        )
    if number % 7 == 3:
        first = date(YEAR, 2, 1) + timedelta(days=number)
        for one in found:
            one["suspensions"] = [(first, first + timedelta(days=40))]
    return found


def training(number: int) -> list[Table]:
    """Two courses; whoever is in training finishes the second in the course of the year."""
    finished = date(YEAR, 1 + number % 12, 15) if number % 5 == 2 else date(2024, 3, 1)
    first = {"hours_total": 200, "hours_didactic": 60, "supervised_sessions": 80}
    second = {"hours_total": 125, "hours_didactic": 40, "supervised_sessions": 70}
    return [
        paper("training", valid_from=date(2023, 10, 1), attributes=first),
        paper("training", valid_from=finished, attributes=second),
    ]
