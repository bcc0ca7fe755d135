"""Public holidays: the only place that asks the `holidays` package, whose version is pinned with the program."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

OBSERVED = " (observed)"


@dataclass(frozen=True, kw_only=True)
class PublicHolidays:
    """The public holidays of a country (ISO 3166-1), and of one of its regions (ISO 3166-2 without the country).

    On the days of `open_on`, and on holidays called by a name in `open_names`, whether on the day itself or as
    observed, it is open nevertheless.
    """

    country: str
    region: str | None = None
    open_on: frozenset[date] = frozenset()
    open_names: frozenset[str] = frozenset()

    def name_on(self, day: date) -> str | None:
        """The name of the holiday for which it is closed that day; None when it is open."""
        names = _of_year(self.country, self.region, day.year).get(day)
        if names is None or day in self.open_on:
            return None
        left = [one for one in names.split("; ") if one.removesuffix(OBSERVED) not in self.open_names]
        return left[0] if left else None


def is_known_place(country: str, region: str | None) -> bool:
    """Whether there are holidays on record for it."""
    regions = holidays.list_supported_countries().get(country)
    return regions is not None and (region is None or region in regions)


def known_names(country: str, region: str | None, first_year: int, years: int) -> frozenset[str]:
    """What the holidays of these years are called, without the word for a day in lieu."""
    found = (
        name for year in range(first_year, first_year + years) for name in _of_year(country, region, year).values()
    )
    return frozenset(one.removesuffix(OBSERVED) for names in found for one in names.split("; "))


@lru_cache(maxsize=512)
def _of_year(country: str, region: str | None, year: int) -> dict[date, str]:
    """By day, in English where the package has it; the names of holidays on one day are joined by "; "."""
    return dict(holidays.country_holidays(country, subdiv=region, years=year, language="en_US"))
