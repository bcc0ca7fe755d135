"""Practitioners: when they are there, when they are away, and what they hold."""

from booking.domain.reading import Table
from booking.domain.words import PROFESSIONS
from booking.usecases.clinic_file.model import PractitionerFile
from booking.usecases.clinic_file.reading.credentials import credentials
from booking.usecases.clinic_file.reading.times import absences, extra
from booking.usecases.clinic_file.reading.weekly import hours
from booking.usecases.clinic_file.values import daily_limit, line, slug


def practitioner(table: Table) -> PractitionerFile:
    found = PractitionerFile(
        slug=slug(table),
        name=line(table, "name"),
        profession=table.word("profession", PROFESSIONS),
        daily_limit=daily_limit(table),
        hours=hours(table),
        extra=extra(table),
        leave=absences(table, "leave"),
        credentials=credentials(table),
    )
    table.close()
    return found
