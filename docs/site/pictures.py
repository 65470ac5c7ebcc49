"""Makes the tutorial's pictures: plays it, and photographs what it wrote (`make pictures`).

Needs Chromium and pdftoppm.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from docs.site.tutorial import play

IMAGES = Path(__file__).parents[1] / "images"
PAGES = {  # picture: (page in the course folder, height at a width of 860)
    "tutorial-page": ("handout/ada/week-1.html", 920),
    "tutorial-feedback": ("grades/week-1/feedback/ada.html", 1570),
    "tutorial-report": ("grades/week-1/report.html", 1000),
}
SCALE = 0.85
LIMIT = 150_000  # bytes


def main() -> None:
    """Writes docs/images/tutorial-*.png; ends with an error where a tool is missing or a picture is too large."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not browser or not shutil.which("pdftoppm"):
        sys.exit("The pictures need Chromium and pdftoppm (poppler-utils); install both.")
    with tempfile.TemporaryDirectory() as folder:
        wrong = [step.command for step in play(Path(folder)) if not step.holds]
        if wrong:
            sys.exit(f"The tutorial is out of date at: {', '.join(wrong)}")
        course = Path(folder, "my-course")
        for name, (page, height) in PAGES.items():
            _photograph(browser, course / page, IMAGES / f"{name}.png", height)
        _first_page(course / "handout/ada/week-1.pdf", IMAGES / "tutorial-pdf")
    large = [file.name for file in IMAGES.glob("tutorial-*.png") if file.stat().st_size > LIMIT]
    if large:
        sys.exit(f"Larger than {LIMIT} bytes: {', '.join(large)}; lower their height.")


def _photograph(browser: str, page: Path, picture: Path, height: int) -> None:
    with tempfile.TemporaryDirectory() as profile:
        settings = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={profile}"]
        size = [f"--window-size=860,{height}", f"--force-device-scale-factor={SCALE}"]
        subprocess.run(
            [browser, *settings, *size, f"--screenshot={picture}", page.as_uri()],
            check=True,
            capture_output=True,
            timeout=60,
        )


def _first_page(pdf: Path, stem: Path) -> None:
    options = ["-png", "-r", "80", "-f", "1", "-singlefile", "-gray"]
    subprocess.run(["pdftoppm", *options, str(pdf), str(stem)], check=True, timeout=60)


if __name__ == "__main__":
    main()
