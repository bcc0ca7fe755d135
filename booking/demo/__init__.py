"""The demo: one clinic with invented people, in a database that can hold nothing else."""
