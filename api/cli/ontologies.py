"""The commands of `irkg ontology` put together; here stand `build` and `check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import ontology_editing, ontology_release, ontology_sheets
from api.cli.ontology_options import RootOption, folder
from api.cli.options import DataOption, settings
from api.cli.output import out
from ontology.problems import IrkgError

__all__ = ["app", "build"]

app = typer.Typer(no_args_is_help=True, help="Change, check, build and release the ontology.")


@app.command()
def build(
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder for the files.")],
    root: RootOption = None,
    data: DataOption = None,
) -> None:
    """Build the ontology from its tables, classify it, and write OWL (Turtle, RDF/XML, functional syntax),
    OBO Graph JSON, OBO and the store's graph (irkg.nq).
    """
    from ontology.build import write
    from ontology.reasoning import classify, problems
    from ontology.tables import load

    terms = load(folder(root))
    built = write(output, folder(root))
    found = classify(built, settings(data).data / "cache")
    if wrong := problems(found, terms):
        raise IrkgError("the ontology contradicts itself", wrong)
    out.print(
        f"{len(terms.terms):,} terms, {len(built.triples):,} triples, {len(found.subsumptions):,} inferred "
        f"parents; version {built.version[:16]}; written to {output}",
        markup=False,
    )


ontology_release.register(app)
app.command()(ontology_editing.new)
app.command()(ontology_editing.edit)
app.command()(ontology_editing.move)
app.command()(ontology_editing.obsolete)
app.command()(ontology_editing.merge)
app.command("range")(ontology_sheets.range_)
app.command("import")(ontology_sheets.import_)
app.add_typer(ontology_sheets.template, name="template")
