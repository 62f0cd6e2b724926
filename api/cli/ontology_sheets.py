"""Commands around terms: `ontology template`, `ontology import` and `ontology range`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.ontology_options import (
    CuratorOption,
    DryRunOption,
    ReasonOption,
    RootOption,
    folder,
    writable_folder,
)
from api.cli.options import DataOption, JsonOption, settings
from api.cli.output import errors, out, print_json
from ontology.problems import IrkgError

__all__ = ["import_", "range_", "template"]

template = typer.Typer(no_args_is_help=True, help="Terms of a branch as a spreadsheet, out and in again.")


@template.command("export")
def export(
    branch: Annotated[str, typer.Argument(help="The branch: Procedure, Disease, Agent ...")],
    file: Annotated[Path, typer.Argument(help="A file that ends in .tsv or .xlsx.")],
    below: Annotated[str, typer.Option("--below", help="Only this term and what stands below it.")] = "",
    root: RootOption = None,
) -> None:
    """Write the terms of a branch as a spreadsheet; rows without an id that are added to it are new terms."""
    from ontology.minting import branch_of
    from ontology.template import export as write
    from ontology.workspace import Sources

    number = write(Sources(folder(root)), branch_of(branch), file, below)
    out.print(f"{number:,} terms written to {file}", markup=False)


@template.command("import")
def take(
    file: Annotated[Path, typer.Argument(help="A spreadsheet that `template export` wrote and you filled.")],
    branch: Annotated[str, typer.Option("--branch", help="When the file does not say it.")] = "",
    curator: CuratorOption = "",
    tidy: Annotated[
        bool, typer.Option("--tidy", help="Make smart quotes and added quotation marks plain.")
    ] = False,
    reason: ReasonOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    root: RootOption = None,
    data: DataOption = None,
) -> None:
    """Take new and changed rows of a spreadsheet into the table; all of them, or none."""
    from ontology.minting import branch_of
    from ontology.spreadsheet import read_sheet
    from ontology.template import in_sheet
    from ontology.template import take as plan
    from ontology.workspace import EditError, opened

    place = writable_folder(root)
    sheet = read_sheet(file, branch_of(branch) if branch else None, tidy=tidy)
    for note in sheet.notes:
        errors.print(f"made plain: {note}", markup=False)
    cache = settings(data).data / "cache" if reason else None
    with opened(place) as sources:
        done = plan(sources, sheet, curator)
        try:
            if dry_run:
                if wrong := sources.check(reason=reason, cache=cache):
                    raise EditError("would be refused", wrong)
            else:
                sources.save(reason=reason, cache=cache)
        except EditError as error:
            told = [in_sheet(problem, sources, sheet, done) for problem in error.problems]
            raise EditError(str(error.args[0]).split("\n", 1)[0], told) from error
        if as_json:
            print_json({"added": list(done.added), "changed": list(done.changed), "written": not dry_run})
            return
        for ids, what in ((done.added, "new"), (done.changed, "changed")):
            for term_id in ids:
                out.print(f"{term_id} {sources.label(term_id)!r} {what}", markup=False)
        out.print(f"{len(done.added):,} new, {len(done.changed):,} changed" + " (not written)" * dry_run)
        if dry_run:
            print(sources.diff())  # as it is: a console would expand tabs


def import_(
    source: Annotated[str, typer.Argument(help="MONDO, DOID, MESH, HGNC, CHEBI or HP.")],
    ids: Annotated[list[str], typer.Argument(help="Ids of the terms: MONDO:0005002 ...")],
    vocabulary: Annotated[
        Path,
        typer.Option(
            "--vocabulary", envvar="IRKG_VOCABULARY", help="The folder with the vocabularies' files."
        ),
    ],
    branch: Annotated[str, typer.Option("--branch", help="Where they belong, when it is not clear.")] = "",
    parent: Annotated[str, typer.Option("--parent", help="What they hang on; else the nearest term.")] = "",
    version: Annotated[str, typer.Option("--version", help="Of the file, when it is a new one.")] = "",
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    root: RootOption = None,
) -> None:
    """Take single terms of another vocabulary into imports/, with source, version and licence."""
    from ontology.choosing import choose
    from ontology.minting import branch_of
    from ontology.workspace import EditError, opened

    with opened(writable_folder(root)) as sources:
        where = branch_of(branch) if branch else None
        found = choose(sources, vocabulary, source, ids, branch=where, parent=parent, version=version)
        if dry_run:
            if wrong := sources.check():
                raise EditError("would be refused", wrong)
        else:
            sources.save()
        if as_json:
            names = ("id", "label", "branch", "parents", "synonyms", "source")
            print_json([{name: getattr(one, name) for name in names} for one in found])
            return
        for one in found:
            above = ", ".join(one.parents) or f"the root of {one.branch}"
            out.print(f"{one.id} {one.label!r} below {above} ({one.source})", markup=False)
        out.print(f"{len(found):,} imported" + " (not written)" * dry_run)


def range_(
    branch: Annotated[str, typer.Argument(help="The branch; without one all ranges are shown.")] = "",
    curator: CuratorOption = "",
    size: Annotated[int, typer.Option("--size", min=1, help="How many ids.")] = 50,
    as_json: JsonOption = False,
    root: RootOption = None,
) -> None:
    """Take a free range of ids for a curator; without a branch, show who owns which."""
    from ontology.minting import branch_of, claim
    from ontology.ranges import read_ranges
    from ontology.workspace import EditError, opened

    if not branch:
        ranges, problems = read_ranges(folder(root) / "ranges.tsv")
        if problems:
            raise EditError("ranges.tsv cannot be used", problems)
    else:
        if not curator.strip():
            raise IrkgError("whose range? Say it with --curator NAME, or set IRKG_CURATOR")
        with opened(writable_folder(root)) as sources:
            ranges = (claim(sources, curator, branch_of(branch), size),)
            sources.save()
    if as_json:
        print_json([{"curator": r.curator, "branch": r.branch, "from": r.low, "to": r.high} for r in ranges])
        return
    for one in ranges:
        out.print(f"{one.low}-{one.high} {one.branch}: {one.curator}", markup=False)
