"""What to do next with a message: its mark, where it was seen, how long to wait; pure functions."""
