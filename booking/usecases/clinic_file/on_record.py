"""The times that are on record: when people and places are there, and when they are not."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from booking.domain.ids import ClinicId, DiaryId, PractitionerId
from booking.domain.schedule import Hours
from booking.store import absences, closures, schedules
from booking.store.absences import Absence
from booking.store.closures import RecordedClosure
from booking.store.database import Transaction
from booking.store.schedules import Whose


@dataclass(frozen=True, kw_only=True)
class Times:
    """Of the file and of the desk."""

    published: Mapping[Whose, Hours]
    closures: list[RecordedClosure]
    away: Mapping[DiaryId, list[Absence]]

    def hours_of(self, who: PractitionerId) -> Hours:
        """The person's hours at all sites."""
        mine = [hours for (whose, _), hours in self.published.items() if whose == who]
        return Hours(
            weekly=tuple(one for hours in mine for one in hours.weekly),
            extra=tuple(one for hours in mine for one in hours.extra),
        )


def times(tx: Transaction, clinic_id: ClinicId) -> Times:
    away = defaultdict[DiaryId, list[Absence]](list)
    for one in absences.listed(tx, clinic_id):
        away[one.diary_id].append(one)
    return Times(published=schedules.hours(tx, clinic_id), closures=closures.listed(tx, clinic_id), away=dict(away))
