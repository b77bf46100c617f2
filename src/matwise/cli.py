"""The same verbs in a terminal."""


def main() -> None:
    """Entry point of the `matwise` command."""
