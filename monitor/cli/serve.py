"""The command that shows the archive in a browser."""

from typing import Annotated

import typer

from monitor.app import build
from monitor.cli.options import DEFAULT, Config, out
from monitor.edges.server import opened


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0: any free one.")] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0: also for others.")] = "127.0.0.1",
    config: Config = DEFAULT,
) -> None:
    """Show the archive in a browser on this machine, until Ctrl-C."""
    app = build(config)
    with opened(app.digests, host, port) as server:
        out.print(f"The archive: http://{host}:{server.server_port}/  (Ctrl-C ends)", soft_wrap=True, markup=False)
        server.serve_forever()
