"""What can be done: one function, one intent, one transaction.

Each asks `permit` first, locks before it reads what it decides by, and lets the domain decide.
"""
