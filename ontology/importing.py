"""Making the tables of `imports/`: parts of MeSH and HGNC that name what the ontology's own terms do not.

In the manner of MIREOT (Courtot et al., Applied Ontology 2011): of each term taken in, its id, label, other
names and place are kept and nothing else. What an own term maps to or names is left out, and what stands
below it hangs on the own term. What is taken is said by lists beside the tables: `trees.txt`, `drugs.txt`,
`genes.txt` and `left_out.txt`. Run ``python -m ontology.importing VOCABULARY_FOLDER`` to make the tables
again; they are read by :func:`ontology.external.read_imports`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ontology.external import COLUMNS
from ontology.spelling import fold_name
from ontology.tables import ROOT, load
from ontology.terms import Branch, Ontology, Synonym, Term
from ontology.vocabularies import Entry, read

__all__ = ["Covered", "free_names", "import_subset", "left_out", "main", "table", "write_imports"]

MESH: Final = "MeSH 2025"
HGNC: Final = "HGNC 2024-07"
# Names that are longer than this are never written out in running text.
_LONGEST_NAME: Final = 60
_MOST_NAMES: Final = 8

# Drug classes by name: the trees of mechanisms hold ion channels and ligands too.
_DRUG_CLASS: Final = re.compile(r"(Agents|Agonists|Antagonists|Blockers|Inhibitors)$")
# An enzyme or receptor may end like a drug (`cystatin`): what is only a protein needs one of these stems.
_PROTEIN_TREES: Final = ("D08", "D12", "D23")
_PROTEIN_STEMS: Final = ("mab", "cept", "plase", "kinra", "grastim", "relin", "reotide")


def _below(tree: str, roots: Iterable[str]) -> bool:
    return any(tree == root or tree.startswith(root + ".") for root in roots)


@dataclass(frozen=True, slots=True)
class _Taken:
    """One file to be made: which entries of a vocabulary it takes, and as what."""

    file: str
    branch: Branch
    source: str
    wanted: Callable[[Entry], bool]


@dataclass(slots=True)
class Covered:
    """What the ontology's own terms map to or name already, and the names that are not taken."""

    by_object: dict[str, tuple[str, Branch]] = field(default_factory=dict)
    by_name: dict[tuple[str, ...], list[tuple[str, Branch]]] = field(default_factory=dict)
    left_out: set[tuple[str, ...]] = field(default_factory=set)

    @classmethod
    def of(cls, ontology: Ontology, left_out: Iterable[str]) -> Covered:
        found = cls(left_out={fold_name(name) for name in left_out})
        for mapping in ontology.mappings:
            if mapping.predicate_id == "skos:exactMatch":
                found.by_object.setdefault(
                    mapping.object_id, (mapping.subject_id, ontology[mapping.subject_id].branch)
                )
        for term in ontology.terms.values():
            names = [term.label, *(s.text for s in term.synonyms if s.scope in ("exact", "narrow"))]
            for name in names:
                found.by_name.setdefault(fold_name(name), []).append((term.id, term.branch))
        return found

    def leaves_out(self, entry: Entry) -> bool:
        """True when the entry's label is a name that curators left out."""
        return bool({fold_name(entry.label), fold_name(natural_order(entry.label))} & self.left_out)

    def own_term(self, entry: Entry, branch: Branch) -> str | None:
        """The own term of this branch that says what the entry says, by mapping or by preferred label."""
        mapped = self.by_object.get(entry.id)
        if mapped is not None and mapped[1] is branch:
            return mapped[0]
        for name in (entry.label, natural_order(entry.label)):
            for term, of in self.by_name.get(fold_name(name), ()):
                if of is branch:
                    return term
        return None


def natural_order(name: str) -> str:
    """An inverted heading in natural order: ``Carcinoma, Hepatocellular`` -> ``Hepatocellular Carcinoma``."""
    head, comma, rest = name.partition(", ")
    return f"{rest} {head}" if comma and ", " not in rest else name


def _lines(path: Path) -> list[str]:
    """The entries of a list that curators edit: blank lines and lines that begin with # are left out."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _plain(name: str) -> bool:
    """True for a name that text can hold: no inversion, formula or qualifier, three letters at least."""
    return (
        len(name) <= _LONGEST_NAME
        and sum(c.isalpha() for c in name) > 2
        and not re.search(r"[,;:()\[\]{}*|]", name)
    )


def free_names(entry: Entry, covered: Covered, used: set[tuple[str, ...]]) -> list[str]:
    """The names of an entry that text uses and nobody else has, the first of those that fold alike."""
    found: list[str] = []
    for name in (entry.label, natural_order(entry.label), *entry.names):
        words = fold_name(name)
        if _plain(name) and words and words not in used | covered.left_out and words not in covered.by_name:
            used.add(words)
            found.append(name)
    return found[:_MOST_NAMES]


_Rule = Callable[[Entry], bool]


def _trees(path: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """Reads `trees.txt`: branch, sign and tree numbers; a branch and sign may have several lines."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for line in _lines(path):
        branch, sign, *trees = line.split()
        found[branch, sign] = (*found.get((branch, sign), ()), *trees)
    return found


def _tree_rule(take: tuple[str, ...], leave: tuple[str, ...]) -> _Rule:
    """Below a root to take in one place, and below none to leave in any place."""

    def wanted(entry: Entry) -> bool:
        below = any(_below(tree, take) for tree in entry.parents)
        return below and not any(_below(tree, leave) for tree in entry.parents)

    return wanted


def _drug_rule(lines: Iterable[str], places: tuple[str, ...]) -> _Rule:
    """Reads `drugs.txt`: ``-x`` is an ending of single words, ``x-`` a beginning, else a heading."""
    chosen = [line.casefold() for line in lines]
    ends = tuple(line[1:] for line in chosen if line.startswith("-"))
    begins = tuple(line[:-1] for line in chosen if line.endswith("-"))
    whole = frozenset(chosen)

    def wanted(entry: Entry) -> bool:
        label = entry.label.casefold()
        if not any(_below(tree, places) for tree in entry.parents):
            return False
        protein = all(_below(tree, _PROTEIN_TREES) for tree in entry.parents)
        stems = tuple(e for e in ends if not protein or e in _PROTEIN_STEMS)
        return label in whole or label.startswith(begins) or (" " not in label and label.endswith(stems))

    return wanted


def _mesh_files(folder: Path) -> list[_Taken]:
    trees = _trees(folder / "trees.txt")

    def rule(branch: Branch, sign: str = "+") -> _Rule:
        return _tree_rule(trees.get((branch, sign), ()), trees.get((branch, "-"), ()))

    classes, mechanisms = rule(Branch.AGENT), rule(Branch.AGENT, "~")
    drugs = _drug_rule(_lines(folder / "drugs.txt"), trees.get((Branch.AGENT, "*"), ()))

    def agent(entry: Entry) -> bool:
        mechanism = _DRUG_CLASS.search(entry.label) is not None and mechanisms(entry)
        return mechanism or classes(entry) or drugs(entry)

    return [
        _Taken("mesh_disease.tsv", Branch.DISEASE, MESH, rule(Branch.DISEASE)),
        _Taken("mesh_procedure.tsv", Branch.PROCEDURE, MESH, rule(Branch.PROCEDURE)),
        _Taken("mesh_imaging.tsv", Branch.IMAGING_MODALITY, MESH, rule(Branch.IMAGING_MODALITY)),
        _Taken("mesh_drug.tsv", Branch.AGENT, MESH, agent),
    ]


def left_out(root: Path = ROOT) -> list[str]:
    """The names that curators do not want to import."""
    return _lines(root / "imports" / "left_out.txt")


def import_subset(vocab_folder: Path, root: Path = ROOT) -> dict[str, list[Term]]:
    """The terms of every file of `imports/`, by file name, each list by id.

    Args:
        vocab_folder: holds `mesh.tsv.gz` and `hgnc.tsv.gz` (see `ontology.vocabularies.read`).
        root: holds the own tables, and in `imports/` the lists that say what is taken and what is not.

    Raises:
        FileNotFoundError: a vocabulary is missing.
        TableError: the own tables have a problem.
    """
    lists = root / "imports"
    covered = Covered.of(load(root), left_out(root))
    used: set[tuple[str, ...]] = set()
    found: dict[str, list[Term]] = {}
    entries = sorted(read(vocab_folder, "MESH"), key=lambda entry: entry.id)
    # What curators chose one by one (ontology.choosing) keeps its rows.
    seen = {
        line.split("\t", 1)[0]
        for path in lists.glob("chosen_*.tsv")
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    for taken in _mesh_files(lists):
        wanted = [entry for entry in entries if entry.id not in seen and taken.wanted(entry)]
        terms = list(_place(wanted, taken, covered, used))
        seen.update(term.id for term in terms)
        found[taken.file] = terms
    symbols = {symbol for line in _lines(lists / "genes.txt") for symbol in line.split()}
    genes = sorted(read(vocab_folder, "HGNC"), key=lambda entry: entry.id)
    found["hgnc.tsv"] = list(
        _genes((e for e in genes if e.label in symbols and e.id not in seen), covered, used)
    )
    return found


def _place(
    wanted: list[Entry], taken: _Taken, covered: Covered, used: set[tuple[str, ...]]
) -> Iterator[Term]:
    """Terms of the wanted entries below their nearest kept or own superclasses in the MeSH tree."""
    by_tree: dict[str, str] = {}
    kept: list[tuple[Entry, list[str]]] = []
    for entry in wanted:
        own = covered.own_term(entry, taken.branch)
        if own is None and (entry.id in covered.by_object or covered.leaves_out(entry)):
            continue
        names = [] if own else free_names(entry, covered, used)
        # An entry without a name of its own would only clutter the hierarchy: its children go to its parents.
        if own is None and not names:
            continue
        by_tree.update({tree: own or entry.id for tree in entry.parents if tree})
        if own is None:
            kept.append((entry, names))
    for entry, names in kept:
        parents = sorted(
            {above for tree in entry.parents if (above := _above(tree, by_tree)) and above != entry.id}
        )
        synonyms = tuple(Synonym(name) for name in names if name != entry.label)
        yield Term(
            entry.id,
            taken.branch,
            entry.label,
            tuple(parents),
            definition_source=taken.source,
            synonyms=synonyms,
        )


def _above(tree: str, by_tree: Mapping[str, str]) -> str | None:
    while "." in tree:
        tree = tree.rpartition(".")[0]
        if tree in by_tree:
            return by_tree[tree]
    return None


def _genes(wanted: Iterable[Entry], covered: Covered, used: set[tuple[str, ...]]) -> Iterator[Term]:
    for entry in wanted:
        if entry.id in covered.by_object or fold_name(entry.label) in covered.by_name:
            continue
        # An alias of letters alone is too often the abbreviation of something else (TACE of ADAM17).
        names = [n for n in entry.names if _gene_name(n)]
        free = free_names(Entry(entry.id, entry.label, tuple(names)), covered, used)
        if entry.label in free:
            synonyms = tuple(Synonym(name) for name in free if name != entry.label)
            yield Term(
                entry.id, Branch.MOLECULAR_TARGET, entry.label, (), definition_source=HGNC, synonyms=synonyms
            )


def _gene_name(name: str) -> bool:
    if " " in name or "-" in name:
        return len(name) > 5 and _plain(name)
    return len(name) > 3 and any(c.isdigit() for c in name)


def table(terms: Iterable[Term]) -> str:
    """The text of one file of `imports/`, with the columns of `ontology.external`."""
    rows = [COLUMNS]
    for term in terms:
        synonyms = "|".join(s.text for s in term.synonyms)
        rows.append(
            (term.id, term.label, str(term.branch), "|".join(term.parents), synonyms, term.definition_source)
        )
    return "\n".join("\t".join(row) for row in rows) + "\n"


def write_imports(vocab_folder: Path, root: Path = ROOT) -> dict[str, int]:
    """Make the tables of `root/imports/` again; gives the number of terms of each file."""
    found = import_subset(vocab_folder, root)
    for name, terms in found.items():
        (root / "imports" / name).write_text(table(terms), encoding="utf-8")
    return {name: len(terms) for name, terms in found.items()}


def main(arguments: list[str]) -> int:
    """``python -m ontology.importing VOCABULARY_FOLDER``"""
    if len(arguments) != 1:
        sys.stderr.write("give the folder that holds mesh.tsv.gz and hgnc.tsv.gz\n")
        return 2
    for name, size in write_imports(Path(arguments[0])).items():
        sys.stdout.write(f"{name}: {size} terms\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
