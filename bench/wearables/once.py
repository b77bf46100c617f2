"""Bring one file in, into an empty database, in a process of its own; told as a line of JSON.

    python bench/wearables/once.py FILE FOLDER [--again]

Everything that the app does: look (the preview), bring in, and with --again the same file a second time.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from matwise.practice import bring_in
from matwise.practice.bring_in import Said
from matwise.store.database import open_database

NOW = datetime(2027, 1, 1, tzinfo=UTC)


def main() -> int:
    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    with open_database(folder / "matwise.sqlite3", NOW) as db:
        took = {}
        began = time.perf_counter()
        preview = bring_in.preview(db, bring_in.open_for_import(path), Said(), NOW)
        took["look_s"] = time.perf_counter() - began
        assert preview is not None
        told = {"new": sum(one.new for one in preview.tally.counted.values()), "rejected": preview.tally.rejected}
        for which in ("first", *(["again"] if "--again" in sys.argv else [])):
            began = time.perf_counter()
            sha256 = hashlib.sha256(which.encode()).hexdigest()
            look = bring_in.open_for_import(path)
            bring_in.begin(db, which, look, sha256, Said(), NOW)
            kept = bring_in.bring(db, which, look, lambda: NOW)
            took[f"{which}_s"] = time.perf_counter() - began
            tally = bring_in.counts(kept)
            told[which] = {"state": kept.state, "read": tally.read, "new": sum(x.new for x in tally.counted.values())}
    size = (folder / "matwise.sqlite3").stat().st_size
    peak = 1024 * int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
    print(json.dumps({**took, **told, "peak_bytes": peak, "database_bytes": size}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
