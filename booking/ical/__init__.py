"""Appointments as iCalendar: pure functions from what is shown to bytes."""
