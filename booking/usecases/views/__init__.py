"""What can be seen: one function for each screen or answer, on one snapshot."""
