"""Writes all examples to standard output: `python -m tests.ical.render`, for tests that need another process."""

import sys

from booking.ical.calendar import write_feed
from tests.ical.examples import EXAMPLES

if __name__ == "__main__":
    for calendar in EXAMPLES.values():
        sys.stdout.buffer.write(write_feed(calendar))
