"""Runs the commands of the curator's guide, in order, on a copy of the ontology in its own repository."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from api.cli.app import app
from ontology.tables import ROOT, load

GUIDE = Path(__file__).parents[2] / "docs" / "curators-guide.md"
MONDO = "id\tlabel\tsynonyms\tparents\txrefs\nMONDO:0021121\themangioendothelioma\tangioendothelioma\t\t\n"
# Two commands at most may be missing from a partial build; all others must run.
OPTIONAL = {"diff", "release"}


def commands() -> list[str]:
    blocks = re.findall(r"^```console\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.M | re.S)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def known() -> set[str]:
    group = get_command(app).commands["ontology"]  # type: ignore[attr-defined]
    return set(group.commands)


def test_the_guide_names_every_command_of_curators() -> None:
    used = {line.split()[2] for line in commands() if line.startswith("irkg ontology ")}
    assert used - OPTIONAL <= known()
    assert known() - used <= {"build"}


def test_the_guide_explains_every_rule_of_its_commands() -> None:
    told = set(
        re.findall(r"`([a-z_0-9]+)`", GUIDE.read_text(encoding="utf-8").split("## When it says no")[1])
    )
    assert {"hierarchy_cycle", "stray_tab", "id_reused", "unknown_term", "not_utf8", "smart_quote"} <= told


@pytest.mark.slow
def test_its_commands_run(tmp_path: Path) -> None:
    shutil.copytree(ROOT, tmp_path / "ontology", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (tmp_path / "vocabularies").mkdir()
    (tmp_path / "vocabularies" / "mondo.tsv.gz").write_bytes(gzip.compress(MONDO.encode()))
    environment = {
        **os.environ,
        "IRKG_ONTOLOGY": str(tmp_path / "ontology"),
        "IRKG_DATA": str(tmp_path / "data"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{
            f"GIT_{who}_{what}": "ada@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }
    environment.pop("IRKG_CURATOR", None)

    def run(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    (tmp_path / ".gitignore").write_text("data\nrelease\nvocabularies\n*.xlsx\nreport.html\n")
    assert run("git init -q -b main . && git add . && git commit -q -m start").returncode == 0
    said: dict[str, str] = {}
    for command in commands():
        words = command.split()
        if words[:2] == ["irkg", "ontology"] and words[2] in OPTIONAL - known():
            continue
        done = run(command)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        said[command] = done.stdout
    assert any("lateral elbow embolization" in out for command, out in said.items() if " move " in command)
    assert (tmp_path / "report.html").read_text().lstrip().startswith("<!")
    assert run("git status --porcelain").stdout == ""
    found = load(tmp_path / "ontology")
    new = found.by_label["lateral elbow embolization"]
    assert {"tennis elbow embolization", "outer elbow embolization"} <= set(new.names())
    assert [one.replaced_by for one in found.obsolete.values() if one.term.label.startswith("outer")] == [
        new.id
    ]
    # One row for each new term, and nothing else but the tables that the guide names.
    changed = run("git show --stat --format= HEAD").stdout
    assert "terms/procedure.tsv  | 2 ++" in re.sub(r" +\|", "  |", changed), changed
