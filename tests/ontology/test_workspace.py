from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ontology import workspace
from ontology.terms import Branch
from ontology.workspace import EditError, Sources, Table, opened
from tests.ontology.small import tables

HEADER = ("id", "label", "note")


def table(tmp_path: Path, content: bytes) -> Table:
    path = tmp_path / "t.tsv"
    path.write_bytes(content)
    return Table(path, HEADER)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_that_do_not_change_keep_their_bytes(tmp_path: Path, end: str) -> None:
    lines = ["id\tlabel\tnote", "1\ta \tx", "2\tb", "", "3\tc\t\t"]
    found = table(tmp_path, end.join(lines).encode())
    assert found.after == found.before
    found.set(3, "note", "y")
    assert found.after.decode().split(end) == [*lines[:2], "2\tb\ty", *lines[3:]]


def test_a_cell_that_says_the_same_keeps_its_blanks(tmp_path: Path) -> None:
    found = table(tmp_path, b"id\tlabel\tnote\n1\t a \tx\n")
    found.set(2, "label", "a")
    assert not found.changed


def test_a_row_behind_a_file_without_last_line_break(tmp_path: Path) -> None:
    found = table(tmp_path, b"id\tlabel\tnote\r\n1\ta\tx")
    assert found.insert({"id": "2"}) == 3
    assert found.after == b"id\tlabel\tnote\r\n1\ta\tx\r\n2\t\t\r\n"
    found.remove(2)
    assert found.after == b"id\tlabel\tnote\r\n2\t\t\r\n"


def test_a_table_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(EditError, match=r"t.tsv, row 2: byte 16 is not UTF-8"):
        table(tmp_path, "id\tlabel\tnote\n1\t\xe9".encode("latin-1"))
    with pytest.raises(EditError, match=r"t.tsv, row 1: the columns"):
        table(tmp_path, b"id\tname\n")


def test_a_new_table_is_written_only_when_it_has_a_row(tmp_path: Path) -> None:
    found = Table(tmp_path / "new.tsv", HEADER)
    assert not found.changed
    found.insert({"id": "1"})
    assert found.after == b"id\tlabel\tnote\n1\t\t\n"


def test_terms_are_found_by_id_and_label(tmp_path: Path) -> None:
    sources = Sources(tables(tmp_path))
    assert sources.find("IRKG:0001002") == (Branch.DISEASE, 4)
    assert sources.find("Hepatocellular Carcinoma") == (Branch.DISEASE, 4)
    with pytest.raises(EditError, match="did you mean 'hepatocellular carcinoma'"):
        sources.find("hepatocelular carcinoma")


def test_all_files_are_written_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, new = tmp_path / "a.tsv", tmp_path / "b.tsv", tmp_path / "c.tsv"
    one.write_bytes(b"1")
    two.write_bytes(b"2")
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if Path(target).name == "b.tsv":
            raise OSError("disk full")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(OSError, match="disk full"):
        workspace._write({new: b"z", one: b"x", two: b"y"})
    assert (one.read_bytes(), two.read_bytes()) == (b"1", b"2")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.tsv", "b.tsv"]


def test_what_someone_else_wrote_meanwhile_is_not_lost(tmp_path: Path) -> None:
    root = tables(tmp_path)
    sources = Sources(root)
    sources.change(Branch.DISEASE, 4, {"comment": "mine"})
    file = root / "terms" / "disease.tsv"
    other = file.read_text().replace("What liver neoplasm is.", "A tumor of the liver.")
    file.write_text(other)
    with pytest.raises(EditError, match="changed by someone else"):
        sources.save()
    assert file.read_text() == other


def test_old_problems_are_told_apart_from_new_ones(tmp_path: Path) -> None:
    root = tables(tmp_path, {"IRKG:0001002": {"source": ""}})
    sources = Sources(root)
    sources.change(Branch.PROCEDURE, 3, {"comment": "mine"})
    with pytest.raises(
        EditError, match=r"had problems before; mend them first(.|\n)*disease.tsv, row 4, source"
    ):
        sources.save()
    sources.change(Branch.PROCEDURE, 3, {"definition": ""})
    with pytest.raises(EditError, match="refused") as told:
        sources.save()
    assert [p.file for p in told.value.problems] == ["procedure.tsv"]


def test_only_one_at_a_time(tmp_path: Path) -> None:
    root = tables(tmp_path)
    order: list[str] = []
    inside, done = threading.Event(), threading.Event()

    def other() -> None:
        inside.wait(5)
        with opened(root):
            order.append("other")
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    with opened(root):
        inside.set()
        done.wait(0.2)
        order.append("first")
    thread.join(5)
    assert order == ["first", "other"]


def test_a_folder_without_tables_is_told(tmp_path: Path) -> None:
    with pytest.raises(EditError, match="holds no folder terms/"), opened(tmp_path):
        pass
