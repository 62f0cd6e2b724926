"""The command that answers over HTTP: `serve`."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from api.cli.options import DataOption, settings
from api.cli.output import errors
from ontology.problems import IrkgError, Problem

__all__ = ["serve"]


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; else IRKG_HOST, else 127.0.0.1.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; else IRKG_PORT, else 8000.")] = None,
    data: DataOption = None,
) -> None:
    """Serve web pages, the HTTP API and the SPARQL endpoint."""
    import uvicorn

    from kg.settings import get_settings
    from kg.store.snapshots import DATABASE

    found = settings(data)
    if not found.in_memory and not (found.store_folder / DATABASE).exists():
        problem = Problem(str(found.store_folder), "no graph here", mend="run `irkg build` first")
        raise IrkgError("there is nothing to serve", [problem])
    if data is not None:  # the app makes its own settings
        os.environ["IRKG_DATA"] = str(data)
        get_settings.cache_clear()
    address, number = host or found.host, port or found.port
    errors.print(f"IR-KG on http://{address}:{number} (Ctrl-C ends it)", markup=False)
    uvicorn.run("api.app:create_app", factory=True, host=address, port=number, log_level="warning")
