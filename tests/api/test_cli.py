from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from api.cli import main
from api.cli.app import app
from kg.settings import get_settings
from tests.ontology import small

DIGESTS = Path(__file__).parents[2] / "ingest" / "corpus" / "hepatology.xml"


class Result:
    """What a command printed, and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Runs a command in this process."""
    monkeypatch.setenv("COLUMNS", "200")
    get_settings.cache_clear()

    def call(*arguments: object) -> Result:
        capsysbinary.readouterr()
        with pytest.raises(SystemExit) as end:
            main([str(one) for one in arguments])
        out, err = capsysbinary.readouterr()
        return Result(int(end.value.code or 0), out.decode(), err.decode())

    yield call
    get_settings.cache_clear()


def commands() -> Iterator[tuple[str, Any]]:
    """Every command with its full name."""

    def walk(prefix: str, group: Any) -> Iterator[tuple[str, Any]]:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from walk(f"{prefix}{name} ", command)
            else:
                yield f"{prefix}{name}", command

    yield from walk("", get_command(app))


NAMES = [
    "demo",
    "build",
    "ingest",
    "extract",
    "justify",
    "sparql",
    "export",
    "info",
    "serve",
    "ontology build",
    "ontology check",
    "ontology new",
    "ontology edit",
    "ontology move",
    "ontology obsolete",
    "ontology merge",
    "ontology range",
    "ontology import",
    "ontology template export",
    "ontology template import",
]


def test_these_are_among_the_commands() -> None:
    assert set(NAMES) <= {name for name, _ in commands()}


@pytest.mark.parametrize("name", NAMES)
def test_every_command_and_option_is_explained(run: Any, name: str) -> None:
    command = dict(commands())[name]
    shown = run(*name.split(), "--help")
    assert shown.code == 0
    assert command.help.split(".")[0].split()[0] in shown.out
    assert [p.name for p in command.params if not getattr(p, "help", "")] == []


def test_help_does_not_load_the_library() -> None:
    heavy = ("spacy", "pyoxigraph", "owlready2", "fastapi", "lxml")
    code = f"import sys, api.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "api.cli", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("irkg ")


def test_a_command_that_is_not_known(run: Any) -> None:
    assert run("nonsense").code == 2


@pytest.mark.parametrize(
    "command", [("info",), ("sparql", "ASK { ?s ?p ?o }"), ("export",), ("serve",), ("justify", "HCC")]
)
def test_without_a_graph_it_says_what_to_do(run: Any, tmp_path: Path, command: tuple[str, ...]) -> None:
    told = run(*command, "--data", tmp_path / "none")
    assert told.code == (0 if command == ("info",) else 1)
    assert "irkg build" in told.out + told.err
    assert "Traceback" not in told.err


def test_a_setting_that_makes_no_sense(run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IRKG_PORT", "many")
    get_settings.cache_clear()
    told = run("info", "--data", tmp_path)
    assert told.code == 1
    assert "IRKG_PORT" in told.err


def test_justify_needs_a_question_or_a_profile(run: Any) -> None:
    assert run("justify").code == 2


def test_a_profile_that_is_no_json(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text("{")
    told = run("justify", "--profile", path)
    assert told.code == 1
    assert str(path) in told.err


def test_extract_prints_what_it_can_and_fails_for_the_rest(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    text = "Radiofrequency ablation of hepatocellular carcinoma improved overall survival."
    good = {"id": "a", "title": "Ablation", "sections": [{"label": "Results", "text": text}]}
    path.write_text(json.dumps(good) + "\nnonsense\n" + json.dumps(good | {"id": "b"}) + "\n")
    told = run("extract", path)
    lines = [json.loads(line) for line in told.out.splitlines()]
    assert [line["id"] for line in lines] == ["a", "b"]
    assert {"hepatocellular carcinoma", "overall survival"} <= {
        e["text"].lower() for e in lines[0]["entities"]
    }
    assert told.code == 1
    assert f"{path}, row 2" in told.err


def test_ontology_check_names_every_problem(run: Any, tmp_path: Path) -> None:
    root = small.tables(tmp_path / "root", {"IRKG:0001002": {"parents": "no such term"}})
    told = run("ontology", "check", "--root", root, "--no-reason", "--json", "--data", tmp_path)
    assert told.code == 1
    assert {"disease.tsv", "no such term"} <= set(re.findall(r"disease\.tsv|no such term", told.out))


def test_ontology_build_writes_the_release(run: Any, tmp_path: Path) -> None:
    root = small.tables(tmp_path / "root")
    told = run("ontology", "build", "--root", root, "--output", tmp_path / "release", "--data", tmp_path)
    assert told.code == 0, told.err
    assert {"irkg.nq", "irkg.ttl"} <= {p.name for p in (tmp_path / "release").iterdir()}


def test_serve_starts_the_app_on_the_chosen_graph(
    run: Any, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import uvicorn

    called: dict[str, Any] = {}
    monkeypatch.setenv("IRKG_DATA", "elsewhere")
    monkeypatch.setattr(uvicorn, "run", lambda name, **options: called.update(options, name=name))
    assert run("serve", "--port", 8123, "--data", data).code == 0
    assert called["name"] == "api.app:create_app"
    assert (called["host"], called["port"], called["factory"]) == ("127.0.0.1", 8123, True)
    assert get_settings().data == data


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the graph of some digests, made by `irkg ingest`; one record was broken."""
    folder = tmp_path_factory.mktemp("graph")
    source = folder / "digests.xml"
    records = DIGESTS.read_text(encoding="utf-8").split("<PubmedArticle>")
    source.write_text("<PubmedArticle>".join(records[:4]) + "</PubmedArticleSet>", encoding="utf-8")
    broken = folder / "broken.jsonl"
    broken.write_text('{"id": 1,\n')
    with pytest.raises(SystemExit) as end:
        main(["ingest", str(source), str(broken), "--workers", "1", "--json", "--data", str(folder / "data")])
    assert end.value.code == 1
    return folder / "data"


def test_ingest_tells_what_became_of_every_document(run: Any, data: Path) -> None:
    told = run("ingest", data.parent / "digests.xml", data.parent / "broken.jsonl", "-w", 1, "--data", data)
    assert told.code == 1
    assert "3 │ unchanged" in told.out
    assert "1 │ failed and set aside" in told.out
    assert f"{data.parent / 'broken.jsonl'}" in told.err
    assert str(data / "set-aside") in told.err
    assert list((data / "set-aside").glob("*.txt"))
    alone = run("ingest", data.parent / "digests.xml", "-w", 1, "--json", "--data", data)
    assert alone.code == 0
    assert json.loads(alone.out)["unchanged"] == 3


def test_info_counts(run: Any, data: Path) -> None:
    told = json.loads(run("info", "--json", "--data", data).out)
    assert told["documents"] == 3
    assert told["claims"] > 0
    assert "documents" in run("info", "--data", data).out


def test_the_ontology_is_in_the_graph(run: Any, data: Path) -> None:
    told = run("sparql", "--data", data, "ASK { GRAPH ?g { ?p owl:propertyChainAxiom ?l } }")
    assert (told.code, told.out.strip()) == (0, "yes")


def test_sparql_formats(run: Any, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    query = "SELECT (COUNT(DISTINCT ?d) AS ?n) WHERE { ?d a irkg:Digest }"
    assert "│ 3" in run("sparql", query, "--data", data).out
    assert "1 row" in run("sparql", query, "--data", data).out
    assert run("sparql", query, "-f", "csv", "--data", data).out.split() == ["n", "3"]
    found = json.loads(run("sparql", query, "-f", "json", "--data", data).out)
    assert found["results"]["bindings"][0]["n"]["value"] == "3"
    file = tmp_path / "q.rq"
    file.write_text(query)
    assert "│ 3" in run("sparql", f"@{file}", "--data", data).out
    monkeypatch.setattr("sys.stdin", io.StringIO(query))
    assert "│ 3" in run("sparql", "-", "--data", data).out
    triples = "CONSTRUCT { ?d a irkg:Digest } WHERE { ?d a irkg:Digest }"
    assert run("sparql", triples, "--data", data).out.count("a irkg:Digest") == 3
    assert run("sparql", triples, "-f", "csv", "--data", data).code == 1
    assert run("sparql", query, "-f", "turtle", "--data", data).code == 1


def test_a_query_that_is_no_sparql_names_line_and_column(run: Any, data: Path) -> None:
    told = run("sparql", "SELECT ?s\nWHERE { ?s ?p }", "--data", data)
    assert told.code == 1
    assert "error at 2:" in told.err


def test_the_canonical_export_is_sorted_and_without_meta(run: Any, data: Path, tmp_path: Path) -> None:
    told = run("export", "--format", "nquads", "--canonical", "--data", data)
    lines = told.out.splitlines()
    assert lines == sorted(lines)
    assert len(lines) > 1000
    assert not any("graph/meta>" in line for line in lines)
    file = tmp_path / "graph.nq"
    assert run("export", "--canonical", "-o", file, "--data", data).code == 0
    assert file.read_text() == told.out


def test_one_graph_as_turtle(run: Any, data: Path) -> None:
    told = run("export", "--format", "turtle", "--graph", "claims", "--data", data)
    assert told.code == 0
    assert "irkg:supporting" in told.out
    assert run("export", "--format", "turtle", "--data", data).code == 1
    assert run("export", "--format", "csv", "--data", data).code == 1


def test_justify_cites(run: Any, data: Path, tmp_path: Path) -> None:
    question = "hepatocellular carcinoma, Child-Pugh A"
    assert run("justify", question, "--data", data).out.count("hepatocellular carcinoma")
    answer = json.loads(run("justify", question, "--json", "--data", data).out)
    assert {"answer_id", "options", "comparisons", "citations", "narrative"} <= answer.keys()
    profile = tmp_path / "p.json"
    profile.write_text(json.dumps({"disease": "hepatocellular carcinoma"}))
    assert json.loads(run("justify", "--profile", profile, "--json", "--data", data).out)["profile"]
