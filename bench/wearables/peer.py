"""What apple-health-parser does with an export, in an environment of its own; told as a line of JSON.

    uv run --isolated --no-project --with apple-health-parser==2.0.5 bench/wearables/peer.py ZIP

It reads the whole export, then gives one type as a table: heart rate, the largest. Nothing is kept anywhere.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from pathlib import Path

from apple_health_parser.utils.parser import Parser


def main() -> int:
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        parser = Parser(export_file=sys.argv[1], output_dir=folder, overwrite=True)
        read_s = time.perf_counter() - began
        told = parser.get_flag_records("HKQuantityTypeIdentifierHeartRate")
        took_s = time.perf_counter() - began
    rows = len(told.records)
    peak = 1024 * int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
    print(json.dumps({"read_s": read_s, "with_heart_rate_s": took_s, "heart_rates": rows, "peak_bytes": peak}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
