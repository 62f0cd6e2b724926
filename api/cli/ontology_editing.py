"""Commands that change terms: `ontology new`, `edit`, `move`, `obsolete` and `merge`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from api.cli.ontology_options import CuratorOption, DryRunOption, ReasonOption, RootOption, writable_folder
from api.cli.options import DataOption, JsonOption, settings
from api.cli.output import errors, out, print_json
from ontology.problems import IrkgError, Problem

if TYPE_CHECKING:
    from ontology.obsoletion import Retired
    from ontology.workspace import Sources

__all__ = ["edit", "merge", "move", "new", "obsolete"]

_Scope: TypeAlias = Literal["exact", "abbreviations", "narrow", "broad", "related"]
_Many: TypeAlias = list[str] | None
_Definition = Annotated[
    str | None, typer.Option("--definition", "-d", help="In your own words, one sentence.")
]
_Source = Annotated[str | None, typer.Option("--source", "-s", help="What the definition was compared with.")]
_Set = Annotated[_Many, typer.Option("--set", help="A slot and its value: site='liver|kidney'.")]
_Parent = Annotated[_Many, typer.Option("--parent", "-p", help="Label or id; may be given again.")]
_Comment = Annotated[str | None, typer.Option("--comment", help="A note for other curators.")]
_Term = Annotated[str, typer.Argument(help="Id or label of the term.")]
_Reason = Annotated[str, typer.Option("--reason", help="Why, for people who meet the old id.")]
_Reasoner = Annotated[
    bool,
    typer.Option("--reasoner", help="Let the reasoner look for contradictions before anything is written."),
]


def new(
    branch: Annotated[str, typer.Argument(help="The branch: Procedure, Disease, Agent ...")],
    label: Annotated[str, typer.Argument(help="The label, lower case but for names.")],
    parent: _Parent = None,
    definition: _Definition = None,
    source: _Source = None,
    exact: Annotated[_Many, typer.Option("--exact", help="A synonym that means the same.")] = None,
    abbreviation: Annotated[_Many, typer.Option("--abbreviation", help="An abbreviation.")] = None,
    narrow: Annotated[_Many, typer.Option("--narrow", help="A name of something below it.")] = None,
    broad: Annotated[_Many, typer.Option("--broad", help="A name of something wider.")] = None,
    related: Annotated[_Many, typer.Option("--related", help="A name of something near.")] = None,
    slots: _Set = None,
    comment: _Comment = None,
    curator: CuratorOption = "",
    reason: ReasonOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    root: RootOption = None,
    data: DataOption = None,
) -> None:
    """Mint an id from the curator's range and add a term to its branch's table.

    Without definition, source or parent an editor opens when the command runs in a terminal.
    """
    from ontology.minting import add, branch_of, mint
    from ontology.workspace import EditError, opened

    place, where = writable_folder(root), branch_of(branch)
    names = {
        "exact": exact,
        "abbreviations": abbreviation,
        "narrow": narrow,
        "broad": broad,
        "related": related,
    }
    cells = {"label": label, "parents": "|".join(parent or ()), "definition": definition or ""}
    cells |= {"source": source or "", **{column: "|".join(found or ()) for column, found in names.items()}}
    cells |= {"comment": comment or "", **dict(map(_slot, slots or ()))}
    ask = not (parent and definition and source) and _interactive()
    with opened(place) as sources:
        if not curator:
            raise IrkgError("whose id? Say it with --curator NAME, or set IRKG_CURATOR")
        term_id = mint(sources, curator, where)
    while True:
        if ask:
            from api.cli.ontology_form import fill

            cells = fill(where, cells, f"new term of {where}, id {term_id}")
        with opened(place) as sources:
            try:
                term_id = add(sources, where, curator, cells)
                _save(sources, place, reason=reason, dry_run=dry_run, data=data)
            except EditError as error:
                if not ask:
                    raise
                errors.print(str(error), markup=False)
                if not typer.confirm("Edit again?", default=True, err=True):
                    raise typer.Exit(1) from error
                continue
            _tell(sources, term_id, "is new", dry_run=dry_run, as_json=as_json)
            return


def edit(
    term: _Term,
    label: Annotated[
        str | None, typer.Option("--label", help="The new label; the old one stays a synonym.")
    ] = None,
    definition: _Definition = None,
    source: _Source = None,
    add_synonym: Annotated[_Many, typer.Option("--add-synonym", help="A name to add.")] = None,
    scope: Annotated[_Scope, typer.Option("--scope", help="Of the names to add.")] = "exact",
    remove_synonym: Annotated[_Many, typer.Option("--remove-synonym", help="A name to take out.")] = None,
    parent: _Parent = None,
    add_parent: Annotated[_Many, typer.Option("--add-parent", help="A parent beside the others.")] = None,
    remove_parent: Annotated[_Many, typer.Option("--remove-parent", help="A parent to take out.")] = None,
    slots: _Set = None,
    comment: _Comment = None,
    keep_name: Annotated[bool, typer.Option(help="Keep the old label as an exact synonym.")] = True,
    reason: ReasonOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    root: RootOption = None,
    data: DataOption = None,
) -> None:
    """Change a term: label, definition, names, parents, slots. What names it by its label follows.

    --parent takes the place of all parents. Without options an editor opens in a terminal.
    """
    from ontology.editing import Edit
    from ontology.editing import edit as plan
    from ontology.workspace import opened

    place = writable_folder(root)
    change = Edit(
        label=label,
        definition=definition,
        source=source,
        comment=comment,
        parents=tuple(parent or ()),
        add_parents=tuple(add_parent or ()),
        remove_parents=tuple(remove_parent or ()),
        add_names=tuple((scope, name) for name in add_synonym or ()),
        remove_names=tuple(remove_synonym or ()),
        slots=tuple(map(_slot, slots or ())),
        keep_name=keep_name,
    )
    if change == Edit(keep_name=keep_name):
        if not _interactive():
            raise IrkgError("nothing to change: give an option, such as --add-synonym; see --help")
        from api.cli.ontology_form import changed

        with opened(place) as sources:
            change = changed(sources, term, keep_name=keep_name)
    with opened(place) as sources:
        term_id = plan(sources, term, change)
        _save(sources, place, reason=reason, dry_run=dry_run, data=data)
        _tell(sources, term_id, "is changed", dry_run=dry_run, as_json=as_json)


def move(
    term: _Term,
    to: Annotated[list[str], typer.Option("--to", help="The new parent, label or id; may be given again.")],
    out_of: Annotated[_Many, typer.Option("--from", help="Only this parent goes; else all do.")] = None,
    reason: ReasonOption = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    root: RootOption = None,
    data: DataOption = None,
) -> None:
    """Put a term, and all below it, under another parent."""
    from ontology.editing import Edit, edit
    from ontology.workspace import opened

    place = writable_folder(root)
    whole = Edit(parents=tuple(to))
    part = Edit(add_parents=tuple(to), remove_parents=tuple(out_of or ()))
    with opened(place) as sources:
        term_id = edit(sources, term, part if out_of else whole)
        _save(sources, place, reason=reason, dry_run=dry_run, data=data)
        _tell(sources, term_id, "is moved", dry_run=dry_run, as_json=as_json)


def obsolete(
    term: _Term,
    reason: _Reason,
    replaced_by: Annotated[str | None, typer.Option("--replaced-by", help="The term to use instead.")] = None,
    meaning: Annotated[
        Literal["exact", "narrow", "none"],
        typer.Option("--as", help="What it is to its replacement: its names become exact or narrow, or go."),
    ] = "narrow",
    move_children: Annotated[
        bool, typer.Option("--move-children", help="Let children and references name the replacement.")
    ] = False,
    reasoner: _Reasoner = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    root: RootOption = None,
    data: DataOption = None,
) -> None:
    """Take a term out of use. Its row and IRI stay, marked as deprecated, with what replaces it and why."""
    from ontology.obsoletion import obsolete as plan
    from ontology.workspace import opened

    place = writable_folder(root)
    with opened(place) as sources:
        done = plan(sources, term, replaced_by, reason, meaning=meaning, move=move_children)
        _save(sources, place, reason=reasoner, dry_run=dry_run, data=data)
        _tell(sources, done.id, "is obsolete", dry_run=dry_run, as_json=as_json, retired=done, data=data)


def merge(
    term: _Term,
    into: Annotated[str, typer.Argument(help="Id or label of the term that stays.")],
    reason: _Reason = "",
    reasoner: _Reasoner = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
    root: RootOption = None,
    data: DataOption = None,
) -> None:
    """Make one term of two that mean the same: what names the first, or belongs to it, goes to the second."""
    from ontology.obsoletion import merge as plan
    from ontology.workspace import opened

    place = writable_folder(root)
    with opened(place) as sources:
        done = plan(sources, term, into, reason)
        _save(sources, place, reason=reasoner, dry_run=dry_run, data=data)
        _tell(sources, done.id, "is merged", dry_run=dry_run, as_json=as_json, retired=done, data=data)


def _interactive() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _slot(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise IrkgError(f"--set {text!r} is no slot with a value; write it as site=liver")
    return name.strip(), value.strip()


def _save(sources: Sources, place: Path, *, reason: bool, dry_run: bool, data: Path | None) -> None:
    from ontology.workspace import EditError

    cache = settings(data).data / "cache" if reason else None
    if dry_run:
        if wrong := sources.check(reason=reason, cache=cache):
            raise EditError("would be refused", wrong)
    else:
        sources.save(reason=reason, cache=cache)


def _tell(
    sources: Sources,
    term_id: str,
    what: str,
    *,
    dry_run: bool,
    as_json: bool,
    retired: Retired | None = None,
    data: Path | None = None,
) -> None:
    """Print what became of a term, where, and what used it."""
    from ontology.iris import expand

    branch, row = sources.find(term_id)
    table = sources.terms(branch)
    label = table[row]["label"]
    files = sorted(path.relative_to(sources.root).as_posix() for path in sources.changes())
    graph = _in_graph(term_id, data) if retired else []
    if as_json:
        about = {"id": term_id, "iri": expand(term_id), "label": label, "file": table.path.name, "row": row}
        if retired:
            about |= {"replaced_by": retired.replacement, "used_by": list(retired.used), "in_graph": graph}
        print_json({**about, "files": files, "written": not dry_run})
        return
    what = f"would be {what.removeprefix('is ')}" if dry_run else what
    if not files:
        what = "is as it was: nothing to change"
    out.print(f"{term_id} {label!r} {what} ({table.path.name}, row {row})", markup=False)
    if retired and retired.replacement:
        out.print(f"  use {retired.replacement} {sources.label(retired.replacement)!r} instead", markup=False)
    for line in retired.used if retired else ():
        out.print(f"  used by {line}", markup=False)
    for line in graph:
        out.print(f"  in the graph: {line}", markup=False)
    if dry_run:
        print(sources.diff())  # as it is: a console would expand tabs
    elif files:
        out.print(f"  written: {', '.join(files)}", markup=False)


def _in_graph(term_id: str, data: Path | None) -> list[str]:
    """What of the graph at hand still names a term, a line for each document; empty without a graph."""
    from pyoxigraph import NamedNode

    from kg.store import OxigraphStore
    from kg.store.base import StoreError
    from ontology.iris import document_id, expand

    found = settings(data)
    if found.in_memory or not found.store_folder.is_dir():
        return []
    try:
        with OxigraphStore.read_only(found.store_folder) as store:
            count: dict[str, int] = {}
            for quad in store.quads(object=NamedNode(expand(term_id))):
                name = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
                if "/graph/document/" in name:
                    count[document_id(name)] = count.get(document_id(name), 0) + 1
    except StoreError as error:
        return [str(Problem(str(found.store_folder), str(error.args[0])))]
    lines = [f"{document}: {number} statements" for document, number in sorted(count.items())]
    return [*lines, "read it again with `irkg ingest` or `irkg build`"] if lines else []
