"""The same verbs in a terminal."""

import sys

from matwise.cli import answer, connect, explain, guide, measure, open, plan, screen  # noqa: A004 – each registers its command
from matwise.cli.terminal import app
from matwise.errors import InvalidInputError, MatwiseError

__all__ = ["answer", "connect", "explain", "guide", "main", "measure", "open", "plan", "screen"]


def main() -> None:
    """Entry point of the `matwise` command; errors that a person can mend end with status 2 and say how."""
    try:
        app()
    except InvalidInputError as error:
        sys.stderr.write("".join(f"{problem}\n" for problem in error.problems))
        sys.exit(2)
    except MatwiseError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. Everything you answered is kept.\n")
        sys.exit(130)
