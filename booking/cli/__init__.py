"""The `booking` command: each module adds its own words and does its own work."""
