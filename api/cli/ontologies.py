"""The commands of `irkg ontology` put together; here stand `build` and `check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import ontology_editing, ontology_sheets
from api.cli.ontology_options import RootOption, folder
from api.cli.options import DataOption, JsonOption, settings
from api.cli.output import errors, out, print_json
from ontology.problems import IrkgError

__all__ = ["app", "build", "check"]

app = typer.Typer(no_args_is_help=True, help="Change, check, build and release the ontology.")


@app.command()
def build(
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder for irkg.ttl and irkg.nq.")],
    root: RootOption = None,
    data: DataOption = None,
) -> None:
    """Build the ontology from its tables, classify it, and write OWL (irkg.ttl) and the store's graph
    (irkg.nq).
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


@app.command()
def check(
    root: RootOption = None,
    vocabulary: Annotated[
        Path | None,
        typer.Option("--vocabulary", help="A folder with snapshots to check the mappings against."),
    ] = None,
    reason: Annotated[bool, typer.Option("--reason/--no-reason", help="Classify it too.")] = True,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the tables, names, axioms and mappings, and that the ontology contradicts itself nowhere."""
    from ontology.quality import check as find

    found = find(folder(root), vocabulary=vocabulary, reason=reason, cache=settings(data).data / "cache")
    if as_json:
        names = ("file", "row", "field", "what", "mend", "rule")
        print_json([{name: getattr(problem, name) for name in names} for problem in found])
    else:
        for problem in found:
            errors.print(str(problem), markup=False)
        out.print(f"{len(found):,} problem{'' if len(found) == 1 else 's'}")
    if found:
        raise typer.Exit(1)


app.command()(ontology_editing.new)
app.command()(ontology_editing.edit)
app.command()(ontology_editing.move)
app.command()(ontology_editing.obsolete)
app.command()(ontology_editing.merge)
app.command("range")(ontology_sheets.range_)
app.command("import")(ontology_sheets.import_)
app.add_typer(ontology_sheets.template, name="template")
