"""How the file writes days of the week and times of day."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def clock(minute: int) -> str:
    """Minutes from midnight as a time of day; 1440 is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"
