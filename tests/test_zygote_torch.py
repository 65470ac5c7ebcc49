"""Jobs in the warm process that holds torch: they train, and their tensors travel as arrays."""

from __future__ import annotations

import importlib.util
import platform
from typing import Any

import numpy as np
import pytest

from grader import remote
from grader.sandbox.session import Session
from problem_bank.checks import StudentError
from tests.warm_jobs import LIMITS, child

pytestmark = [
    pytest.mark.skipif(platform.system() != "Linux", reason="warm processes need Linux"),
    pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed"),
]


def test_torch_trains_in_a_job() -> None:
    """A small network is trained with an optimiser, the same each time; threads are at one."""
    source = b"""
import torch
def train():
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(144, 3))
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    x, t = torch.randn(30, 1, 8, 8), torch.randint(0, 3, (30,))
    losses = []
    for _ in range(20):
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), t)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses
def threads(): return torch.get_num_threads()
"""
    seen = []
    for _ in range(2):
        with Session({"work.py": source}, limits=LIMITS, seed=3, confined=True, profile="torch") as session:
            session.begin()
            student: Any = remote.load(session, "work.py")
            seen.append(student.train())
            assert student.threads() == 1
    assert seen[0] == seen[1]
    assert seen[0][-1] < seen[0][0]


TENSORS = {
    "torch.ones(2, 3)": np.ones((2, 3), "f4"),
    "torch.ones(2, dtype=torch.float64, requires_grad=True)": np.ones(2),
    "torch.tensor([True, False])": np.array([True, False]),
    "torch.arange(3)": np.arange(3),
    "torch.ones(2, dtype=torch.float16)": np.ones(2, "f2"),
    "torch.ones(2, dtype=torch.bfloat16)": np.ones(2, "f4"),
    "torch.tensor(1.5)": np.array(1.5, "f4"),
    "torch.nn.Parameter(torch.zeros(2))": np.zeros(2, "f4"),
    "torch.eye(2).to_sparse()": np.eye(2, dtype="f4"),
    "torch.tensor([1j]).conj()": np.array([-1j], "c8"),
    "torch.ones(3, 2).T": np.ones((2, 3), "f4"),
    "torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)": np.ones(2, "f4"),
}


def test_tensors_travel_as_arrays() -> None:
    """Of every type, layout and history; also in lists and dicts. One without entries stays a handle."""
    source = b"import torch\ndef make(text): return eval(text)\n"
    with Session({"work.py": source}, limits=LIMITS, seed=3, profile="torch") as session:
        session.begin()
        student: Any = remote.load(session, "work.py")
        for text, expected in TENSORS.items():
            found = student.make(text)
            assert (found.dtype, found.shape) == (expected.dtype, expected.shape), text
            np.testing.assert_allclose(found, expected, atol=0.05)
        both = student.make("[torch.ones(1), {'a': torch.zeros(2)}]")
        assert both[0].tolist() == [1.0]
        assert both[1]["a"].tolist() == [0.0, 0.0]
        assert isinstance(student.make("torch.ones(2, device='meta')"), remote.Remote)
        with pytest.raises(StudentError, match="travel"):
            student.make("torch.zeros(2_000_000)")


def test_the_numpy_profile_has_no_torch(wrapped_jobs: None) -> None:
    """Where a layer is to be written by hand, the files of torch cannot be read at all."""
    spec = importlib.util.find_spec("torch")
    assert spec and spec.origin
    with child() as (_, student):
        assert student.sees(spec.origin) is None
        assert student.attempt("__import__('torch').nn.Linear(1, 1)") == "PermissionError"
    with child(profile="torch") as (_, student):
        assert student.sees(spec.origin)
