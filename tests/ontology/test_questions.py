from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store

from ontology.build import build
from ontology.inferred import infer
from ontology.questions import Question, QuestionError, answers, check, read, store
from ontology.rules import RuleError
from tests.ontology.small import ontology

HEAD = "# Question: What is in the liver?\n# For: tests\n# Answer: exactly\n"
QUERY = """PREFIX irkg: <https://w3id.org/irkg/vocab#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?answer WHERE { ?site rdfs:label "liver" . ?x irkg:located_in ?site ; rdfs:label ?answer }
"""


def folder(tmp_path: Path, answers: str, text: str = HEAD + QUERY) -> Path:
    (tmp_path / "liver.rq").write_text(text, encoding="utf-8")
    (tmp_path / "answers.tsv").write_text("question\texpected\tanswer\n" + answers, encoding="utf-8")
    return tmp_path


@pytest.fixture
def graph(tmp_path: Path) -> Store:
    small = ontology(tmp_path / "small")
    return store(build(small), infer(small))


BOTH = "liver\tyes\tliver neoplasm\nliver\tyes\thepatocellular carcinoma\n"


def test_inferred_answers_count(tmp_path: Path, graph: Store) -> None:
    (question,) = read(folder(tmp_path, BOTH))
    assert (question.text, question.audience) == ("What is in the liver?", "tests")
    assert answers(question, graph) == {"liver neoplasm", "hepatocellular carcinoma"}
    assert check(graph, tmp_path) == []


def test_missing_and_unexpected_answers_are_told(tmp_path: Path, graph: Store) -> None:
    found = check(graph, folder(tmp_path, "liver\tyes\tliver neoplasm\nliver\tyes\tliver abscess\n"))
    said = "\n".join(map(str, found))
    assert "'liver abscess' is missing" in said
    assert "'hepatocellular carcinoma' should not come" in said
    assert "What is in the liver?" in said


def test_at_least_allows_more_but_not_what_is_excluded() -> None:
    one = Question("x", "?", "tests", "at least", "", frozenset("a"), frozenset("z"))
    assert one.faults("ab") == []
    assert one.faults("bz") == ["'a' is missing", "'z' should not come"]


@pytest.mark.parametrize(
    ("rows", "text", "said"),
    [
        (BOTH, QUERY, "the comments lack a note"),
        (BOTH, HEAD.replace("exactly", "about") + QUERY, "the comments lack a note"),
        ("liver\tno\theart\n", HEAD + QUERY, "no answer is expected"),
        (BOTH + "lung\tyes\tcancer\n", HEAD + QUERY, "there is no lung.rq"),
    ],
)
def test_a_wrong_folder_is_refused(tmp_path: Path, rows: str, text: str, said: str) -> None:
    with pytest.raises(QuestionError) as error:
        read(folder(tmp_path, rows, text))
    assert said in "\n".join(map(str, error.value.problems))


def test_a_wrong_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="maybe"):
        read(folder(tmp_path, "liver\tmaybe\tx\n"))


def test_a_query_must_select_the_answer(tmp_path: Path, graph: Store) -> None:
    (question,) = read(folder(tmp_path, BOTH, HEAD + "SELECT ?x WHERE { ?x ?p ?o }"))
    with pytest.raises(ValueError, match=r"select \?answer"):
        answers(question, graph)
