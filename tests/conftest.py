"""What every test may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

collect_ignore_glob = ["attacks/*", "messy/*"]  # submissions: their tests are theirs


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="record the present output as the expected one")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def plain_jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Warm processes of this test's own, without namespaces: their numbers are ours."""
    from grader.sandbox import bwrap, warm

    monkeypatch.setattr(bwrap, "works", lambda: False)
    warm.end()
    yield
    warm.end()


@pytest.fixture(params=["namespaces", "no namespaces"])
def wrapped_jobs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Warm processes of this test's own, in bwrap and without."""
    from grader.sandbox import bwrap, warm

    if request.param == "no namespaces":
        monkeypatch.setattr(bwrap, "works", lambda: False)
    elif not bwrap.works():
        pytest.skip("bwrap is not installed, or does not work here")
    warm.end()
    yield
    warm.end()
