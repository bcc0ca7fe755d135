"""What people read: dates, money and sentences, the same on pages and in messages. British English."""
