"""What instructors write, the roster, the course and the assignment file, and what they are told about it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assignments.course import create_course, find_course
from assignments.errors import SetupError
from assignments.roster import Student, id_problem, read_roster
from assignments.schema import schema, text
from assignments.spec import load_assignment, shipped

SCHEMA = Path(__file__).parents[1] / "docs" / "schema" / "assignment.schema.json"
QUESTION = '[[questions]]\nid = "q1"\nfamily = "convolution.hand"\n'


def roster_file(tmp_path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    """A roster with these contents."""
    file = tmp_path / "roster.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return file


def assignment_file(tmp_path: Path, content: str | bytes) -> Path:
    """The folder of an assignment with these contents."""
    folder = tmp_path / "week-1"
    folder.mkdir(exist_ok=True)
    (folder / "assignment.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def problems(folder: Path) -> list[str]:
    """What loading this assignment says."""
    with pytest.raises(SetupError) as caught:
        load_assignment(folder)
    return [f"{problem.place}: {problem.message}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("student,name\nada,Ada Lovelace\nemil,Emil Ålesund\n", "utf-8"),
        ("student,name\nada,Ada Lovelace\nemil,Emil Ålesund\n", "utf-8-sig"),  # Excel's UTF-8
        ("student,name\nada,Ada Lovelace\nemil,Emil Ålesund\n", "utf-16"),  # Excel's "Unicode text"
        ("student;name\nada;Ada Lovelace\nemil;Emil Ålesund\n", "utf-8"),  # European Excel
        ("student\tname\nada\tAda Lovelace\nemil\tEmil Ålesund\n", "utf-8"),
        (
            "student,name\r\nada,Ada Lovelace\r\n\r\n,\r\nemil,Emil Ålesund",
            "utf-8",
        ),  # Windows, blank lines, no last newline
        (" Student , NAME \n ada , Ada Lovelace \nemil,Emil Ålesund\n", "utf-8"),  # spaces and capitals
        ('name,student\n"Ada Lovelace",ada\n"Emil Ålesund",emil\n', "utf-8"),  # other order, quotes
        ("student,name\nada,Ada Lovelace\nemil,Emil A\u030alesund\n", "utf-8"),  # letters composed of two
    ],
)
def test_rosters_of_every_export_read_alike(tmp_path: Path, content: str, encoding: str) -> None:
    """Commas, semicolons, tabs, BOMs, UTF-16, quotes and blank lines all give the same two students."""
    roster = read_roster(roster_file(tmp_path, content, encoding))
    assert roster.students == (Student("ada", "Ada Lovelace"), Student("emil", "Emil Ålesund"))
    assert roster.problems == ()


def test_a_windows_roster_is_read_and_said_to_be_one(tmp_path: Path) -> None:
    """Windows-1252 is read, with a note at the line where the file stops being UTF-8."""
    roster = read_roster(roster_file(tmp_path, "student,name\nada,Ada\nemil,Emil Ålesund\n", "cp1252"))
    assert roster.students[1].name == "Emil Ålesund"
    assert [(problem.place, "Windows-1252" in problem.message) for problem in roster.problems] == [("line 3", True)]


def test_further_columns_are_kept(tmp_path: Path) -> None:
    """Email and section are known; any other column stays with its student; short rows are filled up."""
    content = "student,name,email,section,Lab\nada,Ada,ada@example.org,A,Tue\nalan\n"
    ada, alan = read_roster(roster_file(tmp_path, content)).students
    assert ada == Student("ada", "Ada", "ada@example.org", "A", {"lab": "Tue"})
    assert alan == Student("alan")


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("", "empty"),
        ("ada", "earlier row"),
        ("ADA", "earlier row"),  # one folder on Windows and macOS
        ("../ada", "cannot name a folder"),
        ("..", "cannot name a folder"),
        ("a/b", "cannot name a folder"),
        ("a\\b", "cannot name a folder"),
        ("/etc/passwd", "cannot name a folder"),
        (".hidden", "cannot name a folder"),
        ("a..b", "cannot name a folder"),
        ("ada.", "cannot name a folder"),  # Windows drops the dot
        ("nul", "cannot name a folder"),
        ("COM1.txt", "cannot name a folder"),
        ("a b", "cannot name a folder"),
        ("a\u202eb", "cannot name a folder"),
        ("$(rm)", "cannot name a folder"),
        ("x" * 65, "cannot name a folder"),
    ],
)
def test_a_bad_row_costs_only_itself(tmp_path: Path, id: str, said: str) -> None:
    """Empty, repeated and unsafe ids are named with their line; all others are served."""
    roster = read_roster(roster_file(tmp_path, f"student,name\nada,Ada\n{id},Mallory\nalan,Alan\n"))
    assert [student.name for student in roster.students] == ["Ada", "Alan"]
    [problem] = roster.problems
    assert problem.place == "line 3"
    assert said in problem.message


@pytest.mark.parametrize("id", ["ada", "s1234567", "ada.lovelace@example.org", "a_b-c+d", "Ørsted", "x" * 64, "0"])
def test_usual_ids_are_fine(id: str) -> None:
    """Account names, numbers and addresses name folders."""
    assert id_problem(id) == ""


@given(st.text(max_size=70))
def test_an_accepted_id_is_one_folder_name(id: str) -> None:
    """Whatever the roster holds, an id without a problem stays inside the folder it is put into."""
    if not id_problem(id):
        assert Path(id).name == id
        assert (Path("/out") / id).resolve().parent == Path("/out")


@pytest.mark.parametrize("content", ["", "\n", "name,email\nAda,a@b\n", "id;name\n1;Ada\n"])
def test_a_roster_needs_its_student_column(tmp_path: Path, content: str) -> None:
    """Without a column called student nothing is guessed; the message says what is needed and what was found."""
    with pytest.raises(SetupError, match=r"roster\.csv: line 1: needs a column called student .*found"):
        read_roster(roster_file(tmp_path, content))


def test_a_missing_roster_is_said(tmp_path: Path) -> None:
    """A roster that is not there is a problem of the setup, with its path."""
    with pytest.raises(SetupError, match=r"nowhere\.csv"):
        read_roster(tmp_path / "nowhere.csv")


def test_all_mistakes_of_an_assignment_at_once(tmp_path: Path) -> None:
    """One look at the file tells every mistake of its form, each with its place."""
    content = """
titel = "Week 1"
[rules]
late_per_day = 2
[[questions]]
id = "1st"
family = "convolution.hand"
[[questions]]
id = "q2"
points = "many"
"""
    said = problems(assignment_file(tmp_path, content))
    places = ["title", "rules.late_per_day", "questions[0].id", "questions[1].family", "questions[1].points", "titel"]
    assert sorted(line.partition(":")[0] for line in said) == sorted(places)
    assert "titel: is no setting of an assignment; check its spelling or remove it" in said
    assert "questions[1].family: is missing; add it" in said
    assert any("many" in line for line in said)


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        (
            'title = "W"\n[[questions]]\nid = "q1"\nfamily = "convolution.hnd"\n',
            "questions[0] (q1)",
            "Did you mean convolution.hand",
        ),
        (f'title = "W"\n{QUESTION}level = "brutal"\n', "questions[0] (q1)", "easy, medium, hard"),
        (f'title = "W"\n{QUESTION}[questions.knobs]\nsize = 4\nsice = 3\n', "questions[0] (q1)", "draws no sice"),
        (f'title = "W"\n{QUESTION}[questions.knobs]\nsice = 3\n', "questions[0] (q1)", "its knobs are size"),
        (f'title = "W"\n{QUESTION}[questions.knobs]\nsize = "four"\n', "questions[0] (q1)", "should be a number"),
        (f'title = "W"\n{QUESTION}[questions.given]\nw = [[1, 2]]\n', "questions[0] (q1)", "w: expected 2 entries"),
        (
            f'title = "W"\n{QUESTION}{QUESTION.replace("q1", "Q1")}',
            "questions[1] (Q1).id",
            "taken by an earlier question",
        ),
        (f'title = "W"\n{QUESTION.replace("q1", "lambda")}', "questions[0] (lambda).id", "is a word of Python"),
        (f'title = "W"\nfiles = ["data.csv"]\n{QUESTION}', "files[0]", "there is no file 'data.csv'"),
        (f'title = "W"\nfiles = ["../../secret.key"]\n{QUESTION}', "files[0]", "there is no file"),
        (
            f'title = "W"\nfiles = ["assignment.toml", "./assignment.toml"]\n{QUESTION}',
            "files[1]",
            "name of an earlier file",
        ),
        ('title = "W"\nquestions = []\n', "questions", "at least 1 item"),
        (f'title = "W"\n{QUESTION}points = nan\n', "questions[0].points", "not nan"),
        ('title = "W\n', "line 1, column 11", "is not TOML"),
        (b'title = "\xff"\n', "byte 9", "is not UTF-8"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, content: str | bytes, place: str, said: str) -> None:
    """Each kind of mistake is found before any student is served, and says where it is."""
    (tmp_path / "secret.key").write_text("secret")
    [line] = problems(assignment_file(tmp_path, content))
    assert line.startswith(f"{place}: "), line
    assert said in line


def test_an_assignment_is_found_by_folder_by_file_and_by_name(tmp_path: Path) -> None:
    """A folder, its assignment.toml, or the name in the course lead to the same assignment."""
    course = tmp_path / "course"
    (course / "assignments").mkdir(parents=True)
    folder = assignment_file(course / "assignments", f'title = "W"\n{QUESTION}')
    found = [load_assignment(folder), load_assignment(folder / "assignment.toml"), load_assignment("week-1", course)]
    assert {(assignment.name, assignment.folder.resolve()) for assignment in found} == {("week-1", folder.resolve())}


def test_an_unknown_assignment_names_the_shipped_ones() -> None:
    """A name that leads nowhere is answered with those that do."""
    with pytest.raises(SetupError) as caught:
        load_assignment("no-such-assignment")
    assert all(name in str(caught.value) for name in shipped())


def test_a_new_course_holds_together(tmp_path: Path) -> None:
    """`init` lays out a course that is found from anywhere inside it and whose roster reads without a problem."""
    made = create_course(tmp_path / "dl", 'Deep "Learning"\n2025')
    course = find_course(tmp_path / "dl" / "assignments" / "week-1")
    assert course is not None
    assert course.name == 'Deep "Learning"\n2025'
    assert len(course.secret) == 64
    assert [student.id for student in read_roster(course.roster).students] == ["ada", "alan"]
    assert not read_roster(course.roster).problems
    assert all(file.is_file() for file in made)
    assert "secret.key" in (course.folder / ".gitignore").read_text().splitlines()


def test_a_course_is_never_made_over_another(tmp_path: Path) -> None:
    """A second `init` changes no file, above all not the secret."""
    create_course(tmp_path, "First")
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert create_course(tmp_path, "Second") == []
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_the_secret_is_its_owners_alone(tmp_path: Path) -> None:
    """Only the owner may read the secret, and no two courses share one."""
    for name in ("a", "b"):
        create_course(tmp_path / name, name)
    keys = [tmp_path / name / "secret.key" for name in ("a", "b")]
    assert [key.stat().st_mode & 0o777 for key in keys] == [0o600, 0o600]
    assert keys[0].read_text() != keys[1].read_text()


@pytest.mark.parametrize("damage", ["empty", "missing", "broken"])
def test_a_damaged_course_is_told(tmp_path: Path, damage: str) -> None:
    """A lost secret is never replaced by a new one, and a broken course.toml is named."""
    create_course(tmp_path, "Course")
    match damage:
        case "empty":
            (tmp_path / "secret.key").write_text("\n")
        case "missing":
            (tmp_path / "secret.key").unlink()
        case _:
            (tmp_path / "course.toml").write_text("name = ")
    with pytest.raises(SetupError, match=r"course\.toml" if damage == "broken" else r"secret\.key.*restore it"):
        find_course(tmp_path)


def test_outside_a_course_there_is_none(tmp_path: Path) -> None:
    """No course.toml here or above: no course, and no error."""
    assert find_course(tmp_path) is None


def test_the_published_schema_is_up_to_date() -> None:
    """docs/schema/assignment.schema.json is what the code says; `python -m assignments.schema` prints it."""
    assert SCHEMA.read_text("utf-8") == text()


def test_the_schema_tells_right_from_wrong(tmp_path: Path) -> None:
    """An editor with the schema accepts the first assignment of a course and marks a misspelt setting."""
    create_course(tmp_path, "Course")
    table = tomllib.loads((tmp_path / "assignments" / "week-1" / "assignment.toml").read_text())
    check = jsonschema.Draft202012Validator(json.loads(json.dumps(schema())))
    assert not list(check.iter_errors(table))
    assert list(check.iter_errors({**table, "titel": "x"}))
    assert list(check.iter_errors({**table, "questions": []}))
