"""The same verbs in a terminal."""

from __future__ import annotations

import sys

from matwise.errors import InvalidInputError, MatwiseError
from matwise.sentence import Sentence

STOPPED = Sentence("Stopped. Everything you answered is kept.")


def main() -> None:
    """Entry point of the `matwise` command; errors that a person can mend end with status 2 and say how."""
    try:
        _run()
    except InvalidInputError as error:
        _tell(*(str(problem) for problem in error.problems))
        sys.exit(2)
    except MatwiseError as error:
        _tell(error.sentence)
        sys.exit(2)
    except (KeyboardInterrupt, EOFError):
        _tell("", STOPPED)
        sys.exit(130)


def _tell(*lines: str) -> None:
    from matwise.cli.terminal import in_words

    sys.stderr.write("".join(f"{in_words(line)}\n" for line in lines))


def _run() -> None:
    if len(sys.argv) == 1:
        # Nothing to read: the app opens without waiting for what reads commands.
        from matwise.settings import read_settings
        from matwise.web.serve import serve

        serve(read_settings(), open_browser=True)
        return
    from matwise.cli.commands import app

    app()
