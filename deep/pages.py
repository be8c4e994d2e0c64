"""Every URL as every visitor of the access table, with hostile values, in more rounds than the tests have.

These need no server: each post is taken back, so what erases or ends something is sent as well.
"""

import os
import subprocess
import sys

from deep.findings import ROOT

TESTS = ("tests/access/test_fuzz.py", "tests/access/test_foreign_ids.py")


def main() -> int:
    rounds = os.environ.get("FUZZ_ROUNDS", "3")
    command = [sys.executable, "-m", "pytest", "--quiet", "--timeout", "1800", *TESTS]
    return subprocess.run(command, cwd=ROOT, env=os.environ | {"FUZZ_ROUNDS": rounds}).returncode


if __name__ == "__main__":
    sys.exit(main())
