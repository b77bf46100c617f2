"""Programs that stand in for espeak-ng, so that tests don't hang on what is installed."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

_SPEAKS = """#!{python}
import io, math, struct, sys, wave
words = sys.argv[1:]
if "--version" in words:
    print("eSpeak NG text-to-speech: {version}  Data at: /nowhere")
elif words[0].startswith("--voices="):
    print("Pty Language       Age/Gender VoiceName          File                 Other Languages")
    if words[0] != "--voices=tlh":
        print(" 5  " + words[0].partition("=")[2] + "              --/M      Somebody           x/x")
else:
    text = sys.stdin.buffer.read().decode("utf-8")
    count = int(22050 * (0.4 + 0.05 * len(text)))
    tone = (int(9000 * math.sin(0.06 * n)) for n in range(count))
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1); file.setsampwidth(2); file.setframerate(22050)
        file.writeframes(b"".join(struct.pack("<h", one) for one in tone))
    sys.stdout.buffer.write(made.getvalue())
"""
_FAILS_AT_SPEAKING = _SPEAKS.replace("    text = sys", "    sys.exit(3)\n    text = sys")
_SAYS_NOTHING = _SPEAKS.replace("9000 *", "0 *")
_NO_SOUND = _SPEAKS.replace("sys.stdout.buffer.write(made.getvalue())", "print('hello')")

KINDS = {
    "speaks": _SPEAKS,
    "fails at speaking": _FAILS_AT_SPEAKING,
    "says nothing": _SAYS_NOTHING,
    "gives no sound": _NO_SOUND,
    "has no version": _SPEAKS.replace(": {version}", ""),
    "fails at everything": "#!{python}\nimport sys\nsys.exit(1)\n",
}


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str | None = "speaks", version: str = "9.1") -> None:
    """A machine on which espeak-ng is such a program, or (None) on which there is none."""
    folder.mkdir(exist_ok=True)
    if kind is not None:
        program = folder / "espeak-ng"
        program.write_text(KINDS[kind].replace("{python}", sys.executable).replace("{version}", version), "utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))
