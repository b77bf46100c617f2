"""Why the store does not keep something that reached it in good order."""

from __future__ import annotations

from matwise.errors import MatwiseError


class ConflictError(MatwiseError):
    """The same id came before with something else in it, or what it speaks of is closed."""


class NotKeptError(MatwiseError):
    """What this speaks of was never kept."""

    def __init__(self, what: str, wanted_id: str) -> None:
        super().__init__(f"There is no {what} {wanted_id!r} here.")
