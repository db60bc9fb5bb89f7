"""Measurements anyone can repeat: `make bench`. Each module prints one table."""
