"""All effects: the web, the database, Telegram, the disk."""
