"""Public holidays: the only place that asks the `holidays` package, whose version is pinned with the program."""

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

_ASIDE = re.compile(r" \((observed|estimated|observed, estimated|in lieu|substitute day)\)$")
"""What the package adds to the name of a holiday that is kept on another day, or whose day the moon decides."""


@dataclass(frozen=True, kw_only=True)
class PublicHolidays:
    """The public holidays of a country (two letters of ISO 3166-1), and of one of its regions (ISO 3166-2, last part).

    On the days of `open_on`, and on holidays called by a name in `open_names`, whether on the day itself or as
    observed, it is open nevertheless.
    """

    country: str
    region: str | None = None
    open_on: frozenset[date] = frozenset()
    open_names: frozenset[str] = frozenset()

    def name_on(self, day: date) -> str | None:
        """The name of the holiday for which it is closed that day; None when it is open."""
        if day in self.open_on:
            return None
        names = _of_year(self.country, self.region, day.year).get(day, ())
        return next((name for name in names if _plain(name) not in self.open_names), None)


def is_known_place(country: str, region: str | None) -> bool:
    """Whether there are holidays on record for it."""
    regions = holidays.list_supported_countries(include_aliases=False).get(country)
    return regions is not None and (region is None or region in regions)


def known_names(country: str, region: str | None, first_year: int, years: int) -> frozenset[str]:
    """What the holidays of these years are called, without the word for a day in lieu."""
    every = (_of_year(country, region, year) for year in range(first_year, first_year + years))
    return frozenset(_plain(name) for found in every for names in found.values() for name in names)


def _plain(name: str) -> str:
    return _ASIDE.sub("", name)


@lru_cache(maxsize=512)
def _of_year(country: str, region: str | None, year: int) -> Mapping[date, tuple[str, ...]]:
    """The names by day, in the English of the country if it has its own.

    For years of which it has no tables the package still knows the holidays that fall on the same date each year, and
    warns, which nobody who makes an appointment can mend.
    """
    place = holidays.country_holidays(country, subdiv=region)
    own = f"en_{country}"
    language = own if own in place.supported_languages else "en_US"
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Requested Holidays are available only", category=UserWarning)
        found = holidays.country_holidays(country, subdiv=region, years=year, language=language)
    return {day: tuple(found.get_list(day)) for day in found}
