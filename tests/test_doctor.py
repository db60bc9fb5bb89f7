"""What `monitor doctor` says of the parts it stands on."""

import pytest

from monitor.doctor import sqlite


@pytest.mark.parametrize(
    ("version", "warns"),
    [
        ((3, 6, 23), False),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), True),
        ((3, 53, 1), False),
    ],
)
def test_a_version_of_sqlite_with_a_known_fault_is_a_warning_and_no_failure(
    version: tuple[int, int, int], warns: bool
) -> None:
    found = sqlite(version)
    assert (found.ok, found.warns) == (True, warns)
    assert found.says.startswith(".".join(map(str, version)))
