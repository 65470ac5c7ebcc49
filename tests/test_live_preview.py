"""The page that follows a family's file: what an author sees after a save, and who may see it."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner

from assignments.course import create_course
from markscheme.cli import main
from markscheme.live.watch import Watch, files, stamps

SKELETON = Path(main.callback.__code__.co_filename).parent / "skeleton" / "family.py.txt"
FAMILY = SKELETON.read_text("utf-8").replace("TOPIC", "units").replace("NAME", "sample")
LIMIT = 3  # seconds for a draw that usually takes a tenth of one
COMMAND = ["preview", "units.sample", "--live", "--no-open", "--limit", str(LIMIT)]
START = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # may be ignored around us
START += "from markscheme.cli import main; main(sys.argv[1:])"


@dataclass
class Author:
    """Someone who edits a family while its page is served."""

    file: Path
    port: int
    changes: http.client.HTTPResponse

    def edit(self, old: str, new: str, level: str = "") -> str:
        """Save the family with one replacement, and look at the page once it is told to have changed."""
        assert old in FAMILY
        self.save(FAMILY.replace(old, new, 1))
        return self.look(level)

    def save(self, text: str) -> None:
        self.file.write_text(text, "utf-8")
        while not self.changes.readline().startswith(b"data: "):
            pass

    def look(self, level: str = "") -> str:
        status, _, page = self.get(f"/?level={level}" if level else "/")
        assert status == 200
        return page

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Author]:
    """A course with one family, and the command that follows it."""
    course = tmp_path_factory.mktemp("course")
    file = _family_in(course)
    with _started(course) as process:
        port = _port(process)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/changes")
        changes = connection.getresponse()
        assert changes.readline() == b"data: 0\n"
        yield Author(file, port, changes)
        process.kill()


@pytest.fixture
def author(served: Author) -> Iterator[Author]:
    """As served, with the family as it was, drawn and then left as it was again."""
    served.look()
    yield served
    if served.file.read_text("utf-8") != FAMILY:
        served.save(FAMILY)


def test_a_save_changes_the_page(author: Author) -> None:
    """Twenty variants with prompt, key, misconception, feedback and solution; a saved change is in each of them."""
    page = author.edit("A linear unit has", "<script>x()</script> A neuron has")
    assert page.count('<section class="question"') == page.count("&lt;script&gt;x()&lt;/script&gt; A neuron has") == 20
    assert (
        page.count('<th scope="row">added</th>')
        == page.count("You added each weight to its input; multiply them.")
        == 20
    )
    assert page.count("<h3>Solution</h3>") == 20
    assert "A linear unit has" not in page and "<script>x()" not in page
    assert "ms per proven variant" in page and "of a band from" in page and "beyond guessing" in page


def test_a_level_is_a_link(author: Author) -> None:
    """Each level has its page; rejected draws are counted by their reasons."""
    page = author.edit("-6, 6", "-1, 1")  # b is 0 for one in three
    assert "× weights and bias are not zero" in page
    assert '<a href="?level=medium" aria-current="page">' in page
    assert '<a href="?level=hard" aria-current="page">' in author.look("hard")
    assert "units.sample has no level" in author.look("brutal")


ERRORS = {
    "syntax": ("return Exercise(", "return Exercise((", "SyntaxError", "return Exercise(("),
    "crash": ("y = sum(products) + b", "y = sum(products) / (n - n)", "Crashed: ZeroDivisionError", "(n - n)"),
    "import": ("import Integer", "import Integral", "ImportError", "import Integral"),
    "oracle": ('"y": dot + b,', '"y": dot - b,', "Disproved", '"y": dot - b,'),
    "misconception": ("sum(earlier[", "2 * sum(earlier[", "Disproved", '"y.no_bias": dot,'),
    "condition": ("b != 0 and", "b > 9 and", "DrawFailed", "rng.require(b > 9 and"),
    "text": ("${{ products }}$", "${{ product }}$", "UndefinedError", "{{ product }}"),
    "template": ("$w = {{ w }}$", "$w = {{ w }$", "TemplateSyntaxError", "prompt="),
    "exit": ("y = sum(products) + b", "raise SystemExit(3)", "SystemExit", "raise SystemExit(3)"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_an_error_shows_its_line_above_the_last_good_page(author: Author, case: str) -> None:
    """The kind of the error, the line that it is in with its neighbours, and the variants that were there before."""
    old, new, kind, line = ERRORS[case]
    page = author.edit(old, new)
    assert f"<h2>{kind}</h2>" in page
    assert any(line in shown for shown in _meant(page)), _meant(page)
    assert "families/units/sample.py:" in page
    assert "Below is the last draw that succeeded" in page and page.count('<section class="question"') == 20
    assert page.index("<h2>") < page.index("<h1>")


def test_a_formula_outside_the_subset_is_named_with_its_place(author: Author) -> None:
    """The page is shown all the same, and the list says which text holds which command, and in which line."""
    page = author.edit("multiply them.", r"multiply them: $\\frob{w}$.")
    assert "<h2>Formula outside the subset</h2>" in page
    assert r"products.added: in the formula '\\frob{w}'" in unescape(page)
    assert len(_meant(page)) == 1 and r"\\frob" in _meant(page)[0]
    assert "Below is the last" not in page


def test_a_crash_of_the_whole_process_costs_one_draw(author: Author) -> None:
    """The server goes on, and says how the process ended."""
    page = author.edit("y = sum(products) + b", "__import__('os')._exit(7)")
    assert "ended with exit status 7" in page
    author.save(FAMILY)
    assert "ended with" not in author.look()


SLEEP = "import time\n    while True: time.sleep(0.01)"  # as endless as any, at no cost


def test_a_loop_without_an_end_is_stopped_at_its_line(author: Author) -> None:
    """After the limit the page says where the family was."""
    page = author.edit("y = sum(products) + b", SLEEP)
    assert f"within {LIMIT} seconds" in page
    assert any("while True" in line for line in _meant(page))


def test_a_process_that_cannot_be_interrupted_is_ended(author: Author) -> None:
    """Where the limit does not reach the family, as in a library's own loop, its process is killed."""
    deaf = "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])"
    assert "It was stopped" in author.edit("y = sum(products) + b", f"{deaf}\n    {SLEEP}")


def test_a_mended_loop_is_not_waited_for(author: Author) -> None:
    """Who waits for the page of a looping family gets that of the mended one, without an error."""
    pages: list[str] = []
    author.save(FAMILY.replace("y = sum(products) + b", SLEEP))
    waiting = threading.Thread(target=lambda: pages.append(author.look()))
    waiting.start()
    author.save(FAMILY.replace("What is the output", "What comes out,"))
    waiting.join(timeout=30)
    assert pages and "What comes out," in pages[0] and '<aside class="news"' not in pages[0]


def test_only_this_page_on_this_machine_is_served(author: Author) -> None:
    """Other names of the host, pages of other sites, other paths and methods get nothing of the family."""
    port = author.port
    assert author.get("/", Host=f"localhost:{port}")[0] == 200
    for headers in ({"Host": "evil.example"}, {"Host": f"evil.example:{port}"}, {"Sec_Fetch_Site": "cross-site"}):
        for path in ("/", "/changes"):
            status, _, body = author.get(path, **headers)
            assert status == 403 and "units.sample" not in body
    assert author.get("/../pyproject.toml")[0] == author.get("/families/units/sample.py")[0] == 404
    assert author.get("/", method="POST")[0] == 501
    sent = author.get("/")[1]
    assert sent["Cache-Control"] == "no-store" and not [name for name in sent if name.startswith("Access-Control")]


def test_ctrl_c_ends_it_without_a_word(tmp_path: Path) -> None:
    """Exit status 0, the address on standard output, nothing on standard error."""
    _family_in(tmp_path)
    with _started(tmp_path) as process:
        _port(process)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")


def test_options_that_do_not_fit_are_refused() -> None:
    """--live has no JSON and no student; an unknown family is answered with the nearest."""
    run = CliRunner()
    assert "leave out --json" in run.invoke(main, ["preview", "convolution.hand", "--live", "--json"]).output
    assert "Did you mean convolution.hand" in run.invoke(main, ["preview", "convolution.hant", "--live"]).output


def test_helpers_and_data_are_watched(tmp_path: Path) -> None:
    """Helpers and tables beside a family count, and so does what subjects share; other files do not."""
    topic = tmp_path / "units"
    topic.mkdir()
    for name in ("sample.py", "_texts.py", "items.toml", ".sample.py.swp", "notes.txt"):
        (topic / name).write_text("")
    found = {file.name for file in files("units.sample", [tmp_path])}
    assert {"sample.py", "_texts.py", "items.toml", "softmax.py"} <= found
    assert not found & {".sample.py.swp", "notes.txt"}
    before = stamps("units.sample", [tmp_path])
    (topic / "_texts.py").write_text("x = 1")
    assert stamps("units.sample", [tmp_path]) != before


def test_a_save_in_several_steps_is_one_change() -> None:
    """An editor that empties a file before it writes it is waited for."""
    states = iter([1, 1, 2, 3, 4, *[4] * 1000])
    watch = Watch(lambda: {Path("sample.py"): (next(states), 0)})
    thread = threading.Thread(target=watch.follow)
    thread.start()
    assert watch.wait(0, 10) == 1
    assert watch.wait(1, 0.5) == 1
    watch.end()
    thread.join(10)
    assert not thread.is_alive()


def _family_in(course: Path) -> Path:
    create_course(course, "Course")
    file = course / "families" / "units" / "sample.py"
    file.parent.mkdir(parents=True)
    file.write_text(FAMILY, "utf-8")
    return file


def _started(course: Path) -> subprocess.Popen[str]:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", START, *COMMAND], cwd=course, **pipes)  # type: ignore[call-overload,no-any-return]


def _port(process: subprocess.Popen[str]) -> int:
    """The port in the one line that is printed."""
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("http://127.0.0.1:") and "follows units.sample" in line
    return int(line.split("/")[2].split(":")[1])


def _meant(page: str) -> list[str]:
    """The source lines that the page points at."""
    return [unescape(text.split("</b>", 1)[1].split("</span>")[0]) for text in page.split('<span class="meant">')[1:]]
