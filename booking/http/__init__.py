"""What the API, the pages and the calendars share: who is at the door, and how a refusal is said."""
