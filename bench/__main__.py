"""Every measurement, one after the other: ``make bench``."""

import subprocess
import sys

for name in ("bench.pages", "bench.outbox", "bench.growth"):
    print(f"\n{name}", flush=True)
    subprocess.run([sys.executable, "-m", name], check=True)
