"""Availability: when a visit can take place, with whom and where, and what is in the way when it cannot."""
