"""Everything that takes long and looks for faults of security: ``make deep``.

Each step is a program of its own, fails by its status, and leaves a report in ``var/deep``. All of them run,
also after one that fails.
"""

import subprocess
import sys
import time

STEPS = ["deep.code", "deep.pages", "deep.fuzz", "deep.scan", "tests.mutants"]


def main() -> int:
    failed = []
    for step in sys.argv[1:] or STEPS:
        print(f"\n{step}", flush=True)
        began = time.monotonic()
        if subprocess.run([sys.executable, "-m", step]).returncode:
            failed.append(step)
        print(f"{step}: {(time.monotonic() - began) / 60:.1f} minutes", flush=True)
    print(f"\nNot in order: {', '.join(failed)}" if failed else "\nNothing is left unexplained.")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
