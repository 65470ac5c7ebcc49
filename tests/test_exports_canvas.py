"""Scores go into one column of Canvas' gradebook, and nothing else changes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assignments.errors import SetupError
from assignments.exports import canvas
from assignments.roster import Student

HEADER = "Student,ID,SIS User ID,SIS Login ID,Section,Quiz (17),Week 1 (4711),Final Score\r\n"
ROWS = (
    "    Points Possible,,,,,5,10,(read only)\r\n"
    '"Lovelace, Ada",101,ada,al@x.org,"A, ""one""",4,,88\r\n'
    "Alan Turing,102,,TURING@example.org,B,,7,\r\n"
    "Grace Hopper,103,gh77,grace,B,1,2,\r\n"
    "Nobody,alan,,who,B,1,2,\r\n"
    '"Student, Test",9,,f00d,B,,,\r\n'
)
STUDENTS = [
    Student("ada", email="ada@example.org"),
    Student("alan", email="turing@example.org"),
    Student("hop", email="grace@example.org"),
]
SCORES = {"ada": 8.25, "alan": 3.0, "hop": None, "lost": 1.0}


@pytest.fixture
def gradebook(tmp_path: Path) -> Path:
    file = tmp_path / "gradebook.csv"
    file.write_bytes(b"\xef\xbb\xbf" + (HEADER + ROWS).encode())
    return file


def test_only_the_column_changes(gradebook: Path) -> None:
    """By SIS id, by address, by login; the rest is the same byte for byte, quotes, line ends and BOM included."""
    found = canvas.fill(gradebook, ["Week 1"], SCORES, STUDENTS)
    expected = gradebook.read_bytes().decode().replace('""one""",4,,88', '""one""",4,8.25,88').replace("B,,7,", "B,,3,")
    assert found.text == expected
    assert found.written == 2
    assert found.ungraded == ["hop"]
    assert found.without_row == ["lost"]
    assert found.unmatched == ["Nobody", "Student, Test"]


def test_canvas_own_number_is_no_name(gradebook: Path) -> None:
    """A row whose Canvas ID is another student's id is not that student's."""
    found = canvas.fill(gradebook, ["Week 1"], {"alan": 1.0}, [])
    assert found.written == 0
    assert found.text == gradebook.read_bytes().decode()


def test_an_id_goes_before_a_part_of_an_address(gradebook: Path) -> None:
    """The student whose id is grace gets the row of the login grace, not the one with grace@ as address."""
    found = canvas.fill(gradebook, ["Week 1"], {"grace": 5.0, "hop": 6.0}, STUDENTS)
    assert "Grace Hopper,103,gh77,grace,B,1,5," in found.text
    assert found.without_row == ["hop"]


def test_two_rows_of_one_student(tmp_path: Path) -> None:
    """The first gets the score, the other one is named."""
    file = tmp_path / "g.csv"
    file.write_text("Student,ID,SIS User ID,Week 1\nAda,1,ada,\nAda again,2,ada,\n")
    found = canvas.fill(file, ["week 1"], {"ada": 1.0}, [])
    assert found.text == "Student,ID,SIS User ID,Week 1\nAda,1,ada,1\nAda again,2,ada,\n"
    assert found.unmatched == ["Ada again"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Student,SIS User ID,Week 2\n", "no column is called"),
        ("Student,SIS User ID,Week 1 (1),Week 1 (2)\n", "several columns"),
        ("Student,ID,Week 1\n", "neither SIS User ID"),
        ("", "no column is called"),
    ],
)
def test_files_that_do_not_fit(tmp_path: Path, text: str, said: str) -> None:
    """The error names the file, the line and what to do."""
    file = tmp_path / "g.csv"
    file.write_text(text)
    with pytest.raises(SetupError, match=said):
        canvas.fill(file, ["Week 1"], {"ada": 1.0}, [])


def test_results_are_read_from_the_graders_folder(tmp_path: Path) -> None:
    """D and D/results both do; a result without a score is None, an empty folder an error."""
    (tmp_path / "D" / "results").mkdir(parents=True)
    (tmp_path / "D" / "results" / "ada.json").write_text(json.dumps({"score": 2.5}))
    (tmp_path / "D" / "results" / "alan.json").write_text(json.dumps({"tests": []}))
    for folder in (tmp_path / "D", tmp_path / "D" / "results"):
        assert canvas.read_scores(folder) == {"ada": 2.5, "alan": None}
    with pytest.raises(SetupError, match="holds no results"):
        canvas.read_scores(tmp_path)


CELLS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)


@given(st.lists(CELLS, min_size=1, max_size=4), st.sampled_from(["\n", "\r\n"]), st.sampled_from([",", ";"]))
def test_whatever_else_the_cells_hold(others: list[str], newline: str, separator: str) -> None:
    """Python's own CSV reader finds the score in its cell, and every other cell as it was."""
    import tempfile

    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=newline, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow(["Student", "SIS User ID", "Week 1", *(f"c{i}" for i in range(len(others)))])
    writer.writerow(["Ada", "ada", "", *others])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "g.csv")
        file.write_bytes(stream.getvalue().encode())
        found = canvas.fill(file, ["Week 1"], {"ada": 2.5}, [])
    assert list(csv.reader(io.StringIO(found.text, newline=""), delimiter=separator))[1] == [
        "Ada",
        "ada",
        "2.5",
        *others,
    ]
