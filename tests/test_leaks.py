"""No file for students tells a key, a secret or another student, however deep one digs; no export tells the secret."""

from __future__ import annotations

import base64
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner
from pypdf.generic import DecodedStreamObject

from assignments.sheet import draw_sheet
from assignments.spec import load_assignment
from markscheme.cli import main
from problem_bank import bank
from tests.readers.unpacking import places

# Everything that has to stay with the instructor has an unmistakable word or number.
NUMBERS = '''
"""zqsource"""
from problem_bank.answers import Array, Choice, Expression, Integer, Selection, Text
from problem_bank.answers.text import Claim, KeyPoint, Rubric
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.figures.unrolled import Unrolled

RUBRIC = Rubric((KeyPoint("zqpoint", "Zqsays so.", ("zqpattern",)),), (Claim("zqclaim", "Zqclaimed.", ("zqwrong",)),))


@family(topic="canary", source="none", minutes=1, levels={"easy": {}})
def numbers(rng):
    """Guess numbers."""
    seed = rng.int("seed", 700_000_000, 799_999_999)
    slips = [Slip("zqslip", seed + 1, "zqfeedback"), Slip("zqother", lambda earlier: seed + 2, "zqrule")]
    parts = [
        Part("n", "n?", Integer(seed), misconceptions=slips),
        Part("m", "m?", Integer(seed + 414_213_562), follow=lambda earlier: earlier["n"] + 414_213_562),
        Part("y", "y? {{ figure('shown') }}", Array(((seed + 3, seed + 4),))),
        Part("c", "Which?", Choice(1, ("this", "that", "neither")), misconceptions=[Slip("zqchoice", 0, "zqchosen")]),
        Part("s", "Which of these?", Selection((0, 2), ("one", "two", "three")),
             misconceptions=[Slip("zqselection", (0,), "zqselected")]),
        Part("t", "Why?", Text(RUBRIC), misconceptions=[Slip("zqclaim", RUBRIC.claims[0], "zqclaimed so")]),
    ]
    return Exercise(
        given={"seed": seed}, prompt="Guess. {{ figure('shown') }}", parts=parts,
        solution="Zqsolution: {{ seed }} {{ figure('hidden') }}",
        figures={"shown": Unrolled("Steps", (4, 5)), "hidden": Unrolled("Zqtitle", (6, seed))},
    )


@numbers.oracle
def again(seed):
    return {"n": seed, "n.zqslip": seed + 1, "n.zqother": seed + 2, "m": seed + 414_213_562,
            "y": ((seed + 3, seed + 4),), "c": 1, "c.zqchoice": 0, "s": (0, 2), "s.zqselection": (0,),
            "t": "Zqpattern.", "t.zqclaim": "Zqwrong."}
'''
CODE = '''
from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, check
from problem_bank.exercise import Exercise, Part
from problem_bank.family import family


@check(points=1, hidden=True)
def zqcheck(student, rng):
    """zqsentence"""
    if student.work() != 161_803_398:
        raise CheckFailed("zqfailed")


@family(topic="canary", source="none", minutes=1, levels={"easy": {}})
def code(rng):
    """Write code."""
    size = rng.int("size", 600_000_000, 699_999_999)
    return Exercise(given={"size": size}, prompt="Write `work.py`.", solution="zqprogram",
                    parts=[Part("works", "It works.", Code(key=(zqcheck,), file="work.py"))])


@code.oracle
def names(size):
    return {"works": ("zqcheck",)}
'''
ASSIGNMENT = """\
title = "Week 1"
files = ["notes.txt"]
[[questions]]
id = "q1"
family = "canary.numbers"
[[questions]]
id = "q2"
family = "canary.code"
"""
ROSTER = """\
student,name,email,section
adaxyz,Ada Zqlovelace,adaxyz@zqone.example,A
evexyz,Eve Zqevening,evexyz@zqtwo.example,B
"""
WORDS = [
    *("zqsource", "zqpoint", "zqsays", "zqpattern", "zqclaim", "zqwrong", "zqslip", "zqfeedback", "zqother", "zqrule"),
    *("zqchoice", "zqchosen", "zqselection", "zqselected", "zqsolution", "zqtitle", "zqcheck", "zqsentence"),
    *("zqfailed", "zqprogram", "414213562", "161803398"),
]
PEOPLE = {
    "adaxyz": ["adaxyz", "zqlovelace", "zqone"],
    "evexyz": ["evexyz", "zqevening", "zqtwo"],
}


def run(*arguments: str) -> None:
    """The command, which has to do all that it was asked."""
    result = CliRunner().invoke(main, [*arguments])
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A course of two students, with everything that we know to write about its one assignment."""
    folder = tmp_path_factory.mktemp("zqplace") / "course"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bank, "_folders", list(bank._folders))
        run("init", str(folder))
        patch.chdir(folder)
        canary = folder / "families" / "canary"
        (canary / "starters" / "code").mkdir(parents=True)
        (canary / "starters" / "code" / "work.py").write_text("def work():\n    ...\n")
        (canary / "numbers.py").write_text(NUMBERS)
        (canary / "code.py").write_text(CODE)
        (folder / "roster.csv").write_text(ROSTER)
        week = folder / "assignments" / "week-1"
        (week / "assignment.toml").write_text(ASSIGNMENT)
        (week / "notes.txt").write_text("Good luck.\n")
        formats = ("--formats", "notebook,html,markdown,pdf", "--jobs", "1")
        run("generate", "week-1", "--out", "handed", *formats, "--bundle", "bundle/all.pdf")
        run("generate", "week-1", "--out", "large", "--formats", "pdf", "--jobs", "1", "--large-print")
        run("generate", "week-1", "--out", "versions", "--versions", "A,B", *formats)
        for target in ("moodle", "qti", "qti12", "gradescope", "otter"):
            own = () if target in ("gradescope", "otter") else ("--roster", "roster.csv")
            run("export", "week-1", "--to", target, "--out", f"exports/{target}", *own)
        for student in PEOPLE:
            (folder / "submissions" / "week-1" / student).mkdir(parents=True)
            (folder / "submissions" / "week-1" / student / "answers.toml").write_text('[q1]\nn = "5"\n')
            (folder / "submissions" / "week-1" / student / "work.py").write_text("def work():\n    return 1\n")
        run("grade", "week-1", "submissions/week-1", "--out", "grades/week-1", "--jobs", "1")
        yield folder
        bank.load.cache_clear()


def secrets(course: Path, *students: str) -> list[str]:
    """What no student may find in their own files: words, secret, folder, keys, parameters, fingerprints."""
    secret = (course / "secret.key").read_text().strip()
    week = load_assignment(course / "assignments" / "week-1")
    found = [*WORDS, secret, course.parent.name]
    for student in students:
        sheet = draw_sheet(week, student, secret)
        (n, code) = (item.variant for item in sheet.items)
        seed = n.drawn["seed"]
        found += [str(seed + i) for i in range(5)] + [str(seed + 414_213_562), str(code.drawn["size"])]
        found += [sheet.fingerprint, n.fingerprint, code.fingerprint]
    return found


def files(folder: Path) -> dict[str, bytes]:
    """The files of a folder by their path in it."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def for_student(course: Path, student: str) -> dict[str, bytes]:
    """All that this student may have been given."""
    handed = {f"handed/{name}": data for name, data in files(course / "handed" / student).items()}
    large = {f"large/{name}": data for name, data in files(course / "large" / student).items()}
    otter = (course / "exports" / "otter" / student / "student.zip").read_bytes()
    return {**handed, **large, "student.zip": otter}


def test_students_files_tell_nothing(course: Path) -> None:
    """Of everybody's files, none holds a key, a parameter, the secret, the course's folder or somebody else."""
    for student in PEOPLE:
        needles = secrets(course, *PEOPLE) + [word for other, words in PEOPLE.items() if other != student
                                              for word in words]  # fmt: skip
        given = for_student(course, student)
        assert {name.rpartition(".")[2] for name in given} == {"html", "ipynb", "json", "md", "pdf", "py", "toml",
                                                                "txt", "zip"}  # fmt: skip
        for name, data in given.items():
            assert not places(name, data, needles)
    for file in (course / "versions").rglob("*"):  # a version's own draw is searched for below, with its key
        if file.is_file():
            people = [word for words in PEOPLE.values() for word in words]
            assert not places(file.name, file.read_bytes(), [*secrets(course, *PEOPLE), *people])
    bundle = (course / "bundle" / "all.pdf").read_bytes()  # whoever prints it may know the students, not the keys
    assert not places("bundle.pdf", bundle, secrets(course, *PEOPLE))


def test_versions_tell_no_key(course: Path) -> None:
    """The papers of an exam hold no number of their own key, which the records know."""
    for version in "AB":
        record = json.loads((course / "sheets" / "week-1" / "attempt-1" / "versions" / f"{version}.json").read_text())
        seed = record["items"]["q1"]["drawn"]["seed"]
        for name, data in files(course / "versions" / version).items():
            assert not places(name, data, [str(seed + i) for i in range(5)] + [record["fingerprint"]])


def test_exports_tell_neither_the_secret_nor_more_people_than_needed(course: Path) -> None:
    """Autograders and quizzes have keys, yet not what draws them; otter's zips of a student know that one alone."""
    secret = (course / "secret.key").read_text().strip()
    names = ["zqlovelace", "zqevening"]
    written = files(course / "exports")
    assert len(written) == 4 + 2 * 3
    for name, data in written.items():
        found = places(name, data, [secret, course.parent.name, *names])
        assert not found
        if name.startswith("otter/"):
            (other,) = set(PEOPLE) - {name.split("/")[1]}
            assert not places(name, data, PEOPLE[other])
    assert places("moodle", written["moodle"], ["zqfeedback"])  # what is there to be found, is found


def test_feedback_tells_of_its_own_student_alone(course: Path) -> None:
    """A feedback page knows neither the secret nor anybody else, and nothing of hidden checks; nor do results."""
    secret = (course / "secret.key").read_text().strip()
    for student in PEOPLE:
        (other,) = set(PEOPLE) - {student}
        needles = [secret, course.parent.name, *PEOPLE[other]]
        page = (course / "grades" / "week-1" / "feedback" / f"{student}.html").read_bytes()
        result = (course / "grades" / "week-1" / "results" / f"{student}.json").read_bytes()
        assert not places("page.html", page, [*needles, "zqfailed", "161803398"])
        assert not places("result.json", result, needles)
        assert places("page.html", page, ["q1.n", "hidden"])


def planted_in_pdf(data: bytes, word: str) -> Iterator[bytes]:
    """Copies with the word in a metadata field, in a compressed stream and in an attachment."""
    hidden = DecodedStreamObject()
    hidden.set_data(f"({word}) Tj".encode())
    for plant in (
        lambda writer: writer.add_metadata({"/Keywords": word}),
        lambda writer: writer._add_object(hidden.flate_encode()),
        lambda writer: writer.add_attachment("a.txt", word.encode()),
    ):
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
        plant(writer)  # type: ignore[no-untyped-call]  # pypdf's own
        stream = io.BytesIO()
        writer.write(stream)
        yield stream.getvalue()


def planted_in_zip(data: bytes, word: str) -> Iterator[bytes]:
    """Copies with the word in a file, in a file of an archive inside, in a name, and in a comment."""
    text, inner, tape = f"{'-' * 99}{word}".encode(), io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", text)
    with tarfile.open(fileobj=tape, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo(word))
    entries = [("new.txt", text, b""), ("new.zip", inner.getvalue(), b""), (f"{word}.txt", b"", b""),
               ("new.txt", b"", word.encode()), ("new.tar.gz", tape.getvalue(), b"")]  # fmt: skip
    for name, content, comment in entries:
        stream, info = io.BytesIO(data), zipfile.ZipInfo(name)
        info.compress_type, info.comment = zipfile.ZIP_DEFLATED, comment
        with zipfile.ZipFile(stream, "a") as archive:
            archive.writestr(info, content)
        yield stream.getvalue()


def planted_in_text(data: bytes, word: str) -> Iterator[bytes]:
    """Copies with the word in a comment, in encoded data, in escaped letters, and in pieces."""
    image = base64.b64encode(f"<svg><title>{word}</title></svg>".encode()).decode()
    yield from (data + text.encode() for text in (
        f"<!-- {word} -->", f"<img src='data:image/svg+xml;base64,{image}'>", word.upper(), f"{word[:4]} {word[4:]}",
        "".join(f"&#{ord(letter)};" for letter in word), "".join(f"\\u{ord(letter):04x}" for letter in word),
        "".join(f"%{ord(letter):02x}" for letter in word), word.encode().hex(), f"<mn>{word[:4]}</mn>{word[4:]}",
        base64.urlsafe_b64encode(f"????{word}>>>>".encode()).decode(),
    ))  # fmt: skip


def planted_in_notebook(data: bytes, word: str) -> Iterator[bytes]:
    """Copies with the word in the metadata, in an attachment and as the id of a cell."""
    image = base64.b64encode(f"--{word}--".encode()).decode()
    for plant in ({"metadata": {"a": word}}, {"attachments": {"a.png": {"image/png": image}}}, {"id": word}):
        notebook = json.loads(data)
        notebook["cells"][0] |= plant
        yield json.dumps(notebook).encode()


PLANTERS: dict[str, Callable[[bytes, str], Iterator[bytes]]] = {
    "ipynb": planted_in_notebook, "pdf": planted_in_pdf, "zip": planted_in_zip
}  # fmt: skip


def test_the_search_finds_what_is_planted(course: Path) -> None:
    """A word hidden in a copy of any file, in every way that we know, is found: so a clean search says something."""
    word = "zqplantedword"
    given = {**for_student(course, "adaxyz"), **files(course / "exports" / "otter" / "adaxyz")}
    given |= {"moodle.xml": (course / "exports" / "moodle").read_bytes()}
    for name, data in given.items():
        assert not places(name, data, [word])
        planted = list(PLANTERS.get(name.rpartition(".")[2], planted_in_text)(data, word))
        assert len(planted) >= 3
        for number, copy in enumerate(planted):
            assert places(name, copy, [word]), (name, number)


def test_the_search_reads_what_a_key_says(course: Path) -> None:
    """On the key's page and its PDF all that students' files hold back is found, as it is typeset there."""
    run("key", "week-1", "adaxyz", "--html", "key.html")
    run("key", "week-1", "adaxyz", "--format", "pdf", "--out", "key.pdf")
    week = load_assignment(course / "assignments" / "week-1")
    seed = draw_sheet(week, "adaxyz", (course / "secret.key").read_text().strip()).items[0].variant.drawn["seed"]
    told = [str(seed), str(seed + 1), str(seed + 3), str(seed + 414_213_562), "zqfeedback", "zqsolution", "zqtitle"]
    for name in ("key.html", "key.pdf"):
        found = {place.rpartition(": ")[2] for place in places(name, (course / name).read_bytes(), told)}
        assert found == set(told)
