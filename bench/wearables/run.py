"""How quick is a large Apple Health export brought in, and with how much memory?

python bench/wearables/run.py [--megabytes 1000] [--peer-megabytes 100]

A made-up export of that size (tests/exchange/wearables/apple.py) is looked at, brought in, and brought in again, in a
process of its own. In the same run a smaller one, by Matwise and by apple-health-parser 2.0.5 in an environment of its
own (uv fetches it). Fails when a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from tests.exchange.wearables import apple  # noqa: E402 - found by the line above

GOAL_MB_PER_S, GOAL_MIB = 30.0, 200.0
PEER = "apple-health-parser==2.0.5"


def told(command: list[str]) -> dict[str, object]:
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own files
    return json.loads(done.stdout.strip().splitlines()[-1])


def ours(export: Path, folder: Path) -> dict[str, object]:
    database = folder / f"database-{export.stem}"
    database.mkdir()
    return told([sys.executable, str(HERE / "once.py"), str(export), str(database), "--again"])


def shown(name: str, size: float, found: dict[str, object]) -> None:
    print(f"{name}, {size:.0f} MB, {found['first']['read']} wanted records")
    for what, key in (("look", "look_s"), ("bring in", "first_s"), ("again", "again_s")):
        print(f"  {what}: {found[key]:.1f} s, {size / found[key]:.0f} MB/s")
    print(f"  new the second time: {found['again']['new']}; peak {found['peak_bytes'] / 2**20:.0f} MiB")
    print(
        f"  database {found['database_bytes'] / 1e6:.1f} MB, {found['database_bytes'] / size / 1e4:.1f} % of the file"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--peer-megabytes", type=int, default=100)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large, small = folder / "large.xml", folder / "small.xml"
        apple.write(large, asked.megabytes)
        size = large.stat().st_size / 1e6
        found = ours(large, folder)
        shown("Matwise", size, found)
        large.unlink()
        apple.write(small, asked.peer_megabytes)
        small_size = small.stat().st_size / 1e6
        beside = ours(small, folder)
        shown("Matwise", small_size, beside)
        uv = shutil.which("uv") or "uv"
        alone = [uv, "run", "--isolated", "--no-project", "--python", "3.11", "--with", PEER, "python"]
        peer = told([*alone, str(HERE / "peer.py"), str(apple.zipped(folder / "export.zip", small))])
        print(f"{PEER}, the same {small_size:.0f} MB: read {peer['read_s']:.1f} s, and heart rate as a table", end=" ")
        print(f"{peer['with_heart_rate_s']:.1f} s, peak {peer['peak_bytes'] / 2**20:.0f} MiB")
        print(f"  Matwise is {peer['with_heart_rate_s'] / beside['first_s']:.1f} times as quick")
    missed = size / found["first_s"] < GOAL_MB_PER_S or found["peak_bytes"] / 2**20 > GOAL_MIB
    return int(missed or found["again"]["new"] != 0)


if __name__ == "__main__":
    sys.exit(main())
