"""Competency questions: what the ontology must be able to answer, as SPARQL with expected answers.

A question is a file of `competency/`: comments that say it in plain words, for whom it is, and whether the
answers are all (`exactly`) or some (`at least`), then the query with one variable ``?answer``. The answers
stand in `competency/answers.tsv`; a row with ``no`` is one that must not come. Competency questions as a test
of an ontology: Grueninger and Fox, IJCAI-95 Workshop on Basic Ontological Issues in Knowledge Sharing (1995).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pyoxigraph import DefaultGraph, Quad, QuerySolutions, Store
from pyoxigraph import Literal as RdfLiteral

from ontology import rules
from ontology.build import Built
from ontology.inferred import Inference, triples
from ontology.problems import IrkgError, Problem
from ontology.tables import ROOT

__all__ = ["COMPETENCY", "Question", "QuestionError", "answers", "check", "read", "store"]

COMPETENCY: Final = ROOT / "competency"
_ANSWERS: Final = "answers.tsv"
_NOTE: Final = re.compile(r"^# (Question|For|Answer): (.+)$", re.MULTILINE)
Completeness = Literal["exactly", "at least"]


class QuestionError(IrkgError):
    """The folder of questions cannot be used."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its query and the answers that a curator expects."""

    name: str
    text: str
    audience: str
    completeness: Completeness
    query: str
    expected: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()

    def faults(self, given: Iterable[str]) -> list[str]:
        """What is wrong with given answers; empty when nothing is."""
        found = frozenset(given)
        faults = [f"{one!r} is missing" for one in sorted(self.expected - found)]
        unwanted = self.excluded & found if self.completeness == "at least" else found - self.expected
        return faults + [f"{one!r} should not come" for one in sorted(unwanted)]


def read(folder: Path = COMPETENCY) -> tuple[Question, ...]:
    """The questions of a folder, by name.

    Raises:
        QuestionError: a file lacks a note, a question has no expected answer, or an answer no question.
        RuleError: `answers.tsv` cannot be read.
    """
    expected: dict[str, set[str]] = {}
    excluded: dict[str, set[str]] = {}
    numbers: dict[str, int] = {}
    for row in rules.rows(folder / _ANSWERS, "question", "expected", "answer"):
        kind = row.choice("expected", ("yes", "no"))
        (expected if kind == "yes" else excluded).setdefault(row["question"], set()).add(row["answer"])
        numbers.setdefault(row["question"], row.number)
    found: list[Question] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        notes = {str(key): str(value) for key, value in _NOTE.findall(text)}
        completeness = notes.get("Answer")
        if len(notes) < 3 or completeness not in ("exactly", "at least"):
            mend = "write '# Question: ...', '# For: ...' and '# Answer: exactly' or '# Answer: at least'"
            problems.append(Problem(path.name, "the comments lack a note", mend=mend))
            continue
        if path.stem not in expected:
            problems.append(Problem(path.name, "no answer is expected", mend=f"add rows to {_ANSWERS}"))
        yes, no = (frozenset(one.get(path.stem, ())) for one in (expected, excluded))
        found.append(
            Question(path.stem, notes["Question"], notes["For"], _completeness(completeness), text, yes, no)
        )
    known = {path.stem for path in folder.glob("*.rq")}
    problems += [
        Problem(_ANSWERS, f"there is no {name}.rq", row=number, field="question", mend="name a file")
        for name, number in numbers.items()
        if name not in known
    ]
    if problems:
        raise QuestionError("the competency questions cannot be used", problems)
    return tuple(found)


def _completeness(note: str) -> Completeness:
    return "exactly" if note == "exactly" else "at least"


def store(built: Built, inferences: Iterable[Inference] = ()) -> Store:
    """The ontology and what follows from it as one graph in memory."""
    graph = Store()
    graph.bulk_extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in built.store_graph)
    graph.bulk_extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples(inferences))
    return graph


def answers(question: Question, graph: Store) -> frozenset[str]:
    """What a graph answers: the values of ``?answer``.

    Raises:
        SyntaxError: the query is no SPARQL.
        ValueError: it selects no ``?answer``.
    """
    found = graph.query(question.query)
    if not isinstance(found, QuerySolutions) or [v.value for v in found.variables] != ["answer"]:
        raise ValueError(f"{question.name}: the query must select ?answer and nothing else")
    values = (row["answer"] for row in found)
    return frozenset(v.value if isinstance(v, RdfLiteral) else str(v) for v in values if v is not None)


def check(graph: Store, folder: Path = COMPETENCY) -> list[Problem]:
    """The questions that a graph does not answer as expected.

    Raises:
        QuestionError: the folder cannot be used.
    """
    return [
        Problem(f"{question.name}.rq", f"{question.text} {fault}", mend="mend the terms or the answers")
        for question in read(folder)
        for fault in question.faults(answers(question, graph))
    ]
