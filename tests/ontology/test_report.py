from __future__ import annotations

import json
import re

from ontology.findings import Finding, Level, Report, of_problem, ordered
from ontology.problems import Problem
from ontology.report import html, text, to_json

REPORT = Report(
    ordered(
        [
            Finding(Level.INFO, "lowercase_definition", "x", "IRKG:1", "a"),
            *(Finding(Level.WARN, "missing_definition", "none", f"IRKG:{i}", "b") for i in range(30)),
            Finding(
                Level.ERROR, "unsatisfiable", "nothing can be in it", "IRKG:2", "<b>liver</b>",
                "site.tsv", 4, "parents", "change one", ("'liver' SubClassOf 'disease'",),
            ),
        ]
    ),
    {"build": 1.5},
    3,
    mappings={"MESH": {"label": 2, "name": 1, "none": 0}},
)  # fmt: skip


def test_findings_stand_worst_first_and_once() -> None:
    levels = [f.level for f in REPORT.findings]
    assert levels == sorted(levels, key=list(Level).index)
    assert ordered([REPORT.findings[0]] * 2) == (REPORT.findings[0],)


def test_an_error_stops_a_release() -> None:
    assert not REPORT.passed
    assert Report(REPORT.findings[1:]).passed


def test_a_problem_becomes_a_finding_under_its_rule() -> None:
    found = of_problem(Problem("a.tsv", "wrong", 3, "id", "mint one", "id_reused"), "table")
    assert str(found) == "ERROR id_reused: a.tsv, row 3: wrong (mint one)"
    assert of_problem(Problem("a.tsv", "wrong"), "table").check == "table"


def test_text_tells_where_why_and_how_to_mend() -> None:
    told = text(REPORT)
    assert "site.tsv, row 4, parents: '<b>liver</b>' (IRKG:2): nothing can be in it (change one)" in told
    assert "    - 'liver' SubClassOf 'disease'" in told
    assert "... and 10 more" in told
    assert "MESH: 2 with the same label, 1 with a name in common\n" in told
    assert told.splitlines()[-1].startswith("1 ERROR, 30 WARN, 1 INFO; 3 own terms")
    assert "more" not in text(REPORT, 0)


def test_json_holds_everything() -> None:
    told = json.loads(json.dumps(to_json(REPORT)))
    assert told["passed"] is False
    assert told["numbers"] == {"ERROR": 1, "WARN": 30, "INFO": 1}
    assert told["findings"][0]["because"] == ["'liver' SubClassOf 'disease'"]
    assert len(told["findings"]) == 32


def test_the_page_needs_nothing_from_elsewhere_and_escapes() -> None:
    page = html(REPORT)
    assert "&lt;b&gt;liver&lt;/b&gt;" in page
    assert not re.search(r"(?:src|href)\s*=|@import|url\(", page)
    assert "prefers-color-scheme: dark" in page
    assert page.count("<tr data-check") == 32
    assert "Nothing was found" in html(Report())
