"""Time: spans and their algebra, and the one place where wall time meets instants."""
