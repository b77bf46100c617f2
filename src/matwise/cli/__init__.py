"""The same verbs in a terminal."""

from __future__ import annotations

import sys

from matwise.errors import InvalidInputError, MatwiseError


def main() -> None:
    """Entry point of the `matwise` command; errors that a person can mend end with status 2 and say how."""
    try:
        _run()
    except InvalidInputError as error:
        sys.stderr.write("".join(f"{problem}\n" for problem in error.problems))
        sys.exit(2)
    except MatwiseError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except (KeyboardInterrupt, EOFError):
        sys.stderr.write("\nStopped. Everything you answered is kept.\n")
        sys.exit(130)


def _run() -> None:
    if len(sys.argv) == 1:
        # Nothing to read: the app opens without waiting for what reads commands.
        from matwise.settings import read_settings
        from matwise.web.serve import serve

        serve(read_settings(), open_browser=True)
        return
    from matwise.cli.commands import app

    app()
