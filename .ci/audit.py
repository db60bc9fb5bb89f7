"""Known vulnerabilities of the locked packages, as PyPI tells them; without a network that is skipped in one line.

Exit code 1 when a package has one.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

_UV = str(Path(sys.executable).with_name("uv"))
_PATIENCE = 120  # seconds
_AUDIT = ("tool", "run", "--quiet", "--from", "pip-audit>=2.9,<3", "pip-audit", "--disable-pip", "--require-hashes")


def main() -> int:
    """Ask about every package of uv.lock that the program needs; returns the exit code."""
    with tempfile.TemporaryDirectory() as name:
        locked, answer = Path(name, "locked.txt"), Path(name, "audit.json")
        export = ("export", "--quiet", "--locked", "--no-dev", "--all-extras", "--no-emit-project")
        subprocess.run([_UV, *export, "--output-file", str(locked)], check=True)  # noqa: S603 - our own uv
        said = _ask(locked, answer)
        if not answer.exists():
            print(f"audit: skipped, nobody could be asked: {said}")
            return 0
        packages = json.loads(answer.read_text(encoding="utf-8"))["dependencies"]
    known = [one for one in packages if "skip_reason" not in one]
    bad = [(one["name"], one["version"], vulnerability) for one in known for vulnerability in one["vulns"]]
    for package, version, found in bad:
        print(
            f"audit: {package} {version}: {found['id']}; mended in {', '.join(found['fix_versions']) or 'no version'}"
        )
    skipped = f"; of {len(packages) - len(known)} this index knows nothing" if len(known) < len(packages) else ""
    print(f"audit: {len(known)} packages, {len(bad)} known vulnerabilities{skipped}")
    return 1 if bad else 0


def _ask(locked: Path, answer: Path) -> str:
    """Let pip-audit write its answer; returns the last line of what it said."""
    command = [_UV, *_AUDIT, "--requirement", str(locked), "--progress-spinner", "off", "--format", "json"]
    try:
        done = subprocess.run(  # noqa: S603 - our own uv
            [*command, "--output", str(answer)], capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return f"no answer in {_PATIENCE} s"
    return (done.stderr.strip().splitlines() or ["no answer"])[-1]


if __name__ == "__main__":
    sys.exit(main())
