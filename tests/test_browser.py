"""What a browser makes of our pages: formulas have a size, nothing is wider than a phone, nothing is fetched."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pypdf
import pytest
from click.testing import CliRunner

from markscheme.cli import main

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(not BROWSER, reason="no browser here: install Debian's chromium to run these")

PHONE, DESK = 360, 1280  # pixels
SWITCHES = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-extensions", "--hide-scrollbars",
    "--enable-logging=stderr", "--allow-file-access-from-files", "--host-resolver-rules=MAP * ~NOTFOUND",
]  # fmt: skip
QUESTIONS = ("softmax.jacobian", "convolution.hand", "backpropagation.graph", "concepts.select", "recurrent.construct")
ANSWER = "q2.Y = [[1, 2], [3, 4]]\nq4.selected = 'a'\n"
# The pages stand in frames, as they are, with their own policies; the script beside them looks in.
FORMULAS = "math, mi, mn, mfrac, msqrt, mtable, mtd > *"
FRAMES = """<!DOCTYPE html><title>frames</title><body>{frames}<pre></pre><script>
const small = (one) => one.getBoundingClientRect().width < 1 || one.getBoundingClientRect().height < 1;
const told = (found) => found.map((one) => one.outerHTML.slice(0, 200));
onload = () => {{
  const seen = {{}};
  for (const frame of document.querySelectorAll("iframe")) {{
    const page = frame.contentDocument, root = page.documentElement, width = root.clientWidth;
    page.querySelectorAll("details").forEach((closed) => closed.open = true);
    const formulas = [...page.querySelectorAll("{formulas}")].filter((one) => one.textContent.trim());
    const out = (one) => one.getBoundingClientRect().right > width + 1;
    const holds = (one) => getComputedStyle(one).overflowX === "auto" && !out(one);
    const held = (one) => one && one !== root && (holds(one) || held(one.parentElement));
    const beyond = [...page.body.querySelectorAll("*")].filter((one) => out(one) && !held(one.parentElement));
    seen[frame.name] = {{
      wide: root.scrollWidth > width ? told(beyond) : [], high: root.scrollHeight,
      formulas: formulas.length, broken: told(formulas.filter(small)),
      fetched: frame.contentWindow.performance.getEntriesByType("resource").map((one) => one.name),
    }};
  }}
  document.querySelector("pre").textContent = JSON.stringify(seen);
}};
</script>"""


def browse(folder: Path, address: str, *switches: str) -> tuple[str, list[str]]:
    """What the browser prints for this address, and what stands in its console."""
    assert BROWSER
    command = [BROWSER, *SWITCHES, f"--user-data-dir={folder / 'profile'}", *switches, address]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout, re.findall(r"CONSOLE.*", done.stderr)


def looked_at(folder: Path, pages: dict[str, Path]) -> tuple[dict[str, Any], list[str]]:
    """What the script sees of each page on a phone and on a desk, and the console of all of them."""
    frames = (f'<iframe name="{name} {width}" src="{html.escape(page.as_uri())}" width={width} height=700></iframe>'
              for name, page in pages.items() for width in (PHONE, DESK))  # fmt: skip
    file = folder / "frames.html"
    file.write_text(FRAMES.format(frames="".join(frames), formulas=FORMULAS))
    printed, console = browse(folder, file.as_uri(), "--dump-dom")
    found = re.search(r"<pre>(.*?)</pre>", printed, re.DOTALL)
    assert found and found[1], printed[-2000:]
    seen: dict[str, Any] = json.loads(html.unescape(found[1]))
    return seen, console


def run(*arguments: str) -> None:
    """The command, which has to do all that it was asked."""
    result = CliRunner().invoke(main, [*arguments])
    assert result.exit_code == 0, result.output


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """A sheet, its key, its mark scheme, a feedback page and the class report, as a course has them."""
    run("init", str(tmp_path / "course"))
    monkeypatch.chdir(tmp_path / "course")
    questions = [f'[[questions]]\nid = "q{n}"\nfamily = "{id}"\n' for n, id in enumerate(QUESTIONS, 1)]
    Path("assignments/week-1/assignment.toml").write_text("\n".join(['title = "Week 1"', *questions]))
    for student in ("ada", "alan"):
        Path("in", student).mkdir(parents=True)
        Path("in", student, "answers.toml").write_text(ANSWER)
    run("generate", "week-1", "--out", "out", "--formats", "html", "--jobs", "1")
    run("key", "week-1", "ada", "--html", "key.html")
    run("key", "week-1", "ada", "--mark-scheme", "--html", "scheme.html")
    run("grade", "week-1", "in", "--out", "grades", "--jobs", "1")
    files = {"sheet": "out/ada/week-1.html", "key": "key.html", "scheme": "scheme.html",
             "feedback": "grades/feedback/ada.html", "report": "grades/report.html"}  # fmt: skip
    return {name: tmp_path / "course" / file for name, file in files.items()}


def test_pages_are_right_on_a_phone_and_on_a_desk(pages: dict[str, Path], tmp_path: Path) -> None:
    """No console message, no request, no sideways scrolling at 360 pixels, and no formula without a size."""
    seen, console = looked_at(tmp_path, pages)
    assert not console
    assert len(seen) == 2 * len(pages)
    for name, found in seen.items():
        assert (found["fetched"], found["broken"], found["wide"]) == ([], [], []), name
        assert found["high"] > 700, name
        assert found["formulas"] > 20 or name.startswith("report"), name


def test_pages_print(pages: dict[str, Path], tmp_path: Path) -> None:
    """Printed from the browser, a sheet and a feedback page are readable PDFs with all questions."""
    for name in ("sheet", "feedback"):
        file = tmp_path / f"{name}.pdf"
        browse(tmp_path, pages[name].as_uri(), f"--print-to-pdf={file}", "--no-pdf-header-footer")
        text = "".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
        assert "Week 1" in text
        assert len(text) > 2000
        assert "Ada Lovelace" in text


def test_the_look_sees_what_is_wrong(tmp_path: Path) -> None:
    """A page that is too wide, fetches, logs and hides its formula is told from one that does none of it."""
    bad, good = tmp_path / "bad.html", tmp_path / "good.html"
    good.write_text("<!DOCTYPE html><math><mi>x</mi></math>")
    bad.write_text('<!DOCTYPE html><img src="https://example.org/a.png"><p style="width: 400px">wide</p>'
                   '<math style="font-size: 0"><mi>x</mi></math><script>nothing.at()</script>')  # fmt: skip
    seen, console = looked_at(tmp_path, {"bad": bad, "good": good})
    assert "nothing is not defined" in "".join(console)
    found, fine = seen[f"bad {PHONE}"], seen[f"good {PHONE}"]
    assert [one for one in found["wide"] if "400px" in one]
    assert found["fetched"] == ["https://example.org/a.png"]
    assert len(found["broken"]) == 2
    assert (fine["wide"], fine["fetched"], fine["broken"], fine["formulas"]) == ([], [], [], 2)
