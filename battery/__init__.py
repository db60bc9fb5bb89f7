"""Long fault batteries: `make battery`. Each module prints its figures and fails on a broken promise."""
