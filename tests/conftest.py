"""What every test may use."""

from __future__ import annotations

import pytest

collect_ignore_glob = ["attacks/*", "messy/*"]  # submissions: their tests are theirs


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="record the present output as the expected one")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))
