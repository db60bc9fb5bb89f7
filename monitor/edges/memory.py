"""The C library's memory, so that a program that runs for months holds what it uses and little more."""

import ctypes
from contextlib import suppress

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD in glibc's malloc.h
LARGE = 262_144  # bytes: a long page, a picture


def give_back_large_pieces() -> None:
    """Let pieces of LARGE bytes and more go back to the system as soon as they are free.

    glibc does so until the first such piece is freed; then it raises its threshold to that size, and
    pages of megabytes leave holes that nothing fills. Other C libraries have no such setting.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, LARGE)
