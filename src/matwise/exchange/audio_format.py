"""The kinds of file a session comes in."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """Kinds of audio file; the value is the ending of the file name, without its dot."""

    MP3 = "mp3"  # plays everywhere: the one to offer first
    OPUS = "opus"  # half the size; not every iPhone plays it
    FLAC = "flac"  # without loss
    WAV = "wav"  # without loss or compression: for editors and other programs

    @property
    def suffix(self) -> str:
        """The ending of a file name, with its dot."""
        return f".{self.value}"

    @property
    def media_type(self) -> str:
        """What a server calls it.

        Source:
            RFC 3003 (MP3), RFC 7845 §9 (Opus), RFC 9639 §12.1 (FLAC), WHATWG MIME Sniffing §6.2 (WAV).
        """
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    Format.MP3: "audio/mpeg",
    Format.OPUS: "audio/ogg; codecs=opus",
    Format.FLAC: "audio/flac",
    Format.WAV: "audio/wav",
}
