"""Open the app in a browser."""

from __future__ import annotations

from dataclasses import replace

from matwise.cli.terminal import DATA, app
from matwise.settings import USUAL_PORT, read_settings


@app.default
def open_app(*, port: int | None = None, browser: bool = True, host: str | None = None) -> None:
    """Open the app in your browser.

    Args:
        port: Port on this machine; 0 picks a free one. Default: 8765, or MATWISE_PORT.
        browser: Open the browser; without it only the address is printed.
        host: Let a phone in your home network reach your private address as well: this machine's address there, such
            as 192.168.1.20. Nothing else of Matwise can be reached at it.
    """
    from matwise.web.serve import serve

    settings = read_settings()
    serve(settings if port is None else replace(settings, port=port), open_browser=browser, away=host)


@app.command(group=DATA)
def demo(*, port: int | None = None, browser: bool = True) -> None:
    """Open the app on an invented person whose 77 days are simulated, 56 of them a trial. Nothing of yours is touched.

    Args:
        port: Port on this machine; 0 picks a free one. Default: MATWISE_PORT, or a free one.
        browser: Open the browser; without it only the address is printed.
    """
    from matwise.web.serve import serve_demo

    settings = read_settings()
    if port is None:
        # The usual port stays free for the person's own app.
        port = 0 if settings.port == USUAL_PORT else settings.port
    serve_demo(replace(settings, port=port), open_browser=browser)
