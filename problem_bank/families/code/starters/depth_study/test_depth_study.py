"""Tests to work with: `pytest test_depth_study.py`. They need PyTorch and pytest only.

They train tiny networks on generated data. Passing these is a good sign, and no promise: the grading also
looks at cases that are not tried here.
"""

import numpy as np
import pytest
import study_data
import torch
from experiments import depth_study

DATA = study_data.spirals(seed=1, sizes=(240, 130))
SETTINGS = {"depths": [0, 2], "activations": ["tanh", "relu"], "width": 16, "lr": 0.02, "batch_size": 40, "epochs": 5}


@pytest.fixture(scope="module")
def study():
    return depth_study(DATA, **SETTINGS, seed=1)


def test_one_run_per_setting(study):
    """Every depth with every activation, once."""
    found = sorted((run["depth"], run["activation"]) for run in study["runs"])
    assert found == [(0, "relu"), (0, "tanh"), (2, "relu"), (2, "tanh")]


@pytest.mark.parametrize("curve", ["train_loss", "val_loss", "val_accuracy"])
def test_one_number_per_epoch(study, curve):
    """A curve, not its end."""
    for run in study["runs"]:
        assert np.shape(run[curve]) == (5,)
        assert np.isfinite(run[curve]).all()


def test_the_curves_end_with_the_returned_network(study):
    """The last accuracy is the one that the network of the run has."""
    x, y = (torch.from_numpy(array) for array in DATA["validation"])
    for run in study["runs"]:
        run["model"].eval()
        with torch.no_grad():
            reached = (run["model"](x).argmax(1) == y).double().mean().item()
        assert float(run["val_accuracy"][-1]) == pytest.approx(reached, abs=1e-4)


def test_the_seed_decides(study):
    """The same seed gives the same curves, another seed others."""
    again, other = (depth_study(DATA, **SETTINGS, seed=seed) for seed in (1, 2))
    assert [list(run["train_loss"]) for run in again["runs"]] == [list(run["train_loss"]) for run in study["runs"]]
    assert [list(run["train_loss"]) for run in other["runs"]] != [list(run["train_loss"]) for run in study["runs"]]


def test_the_claims_are_about_settings(study):
    """What they say has to follow from the curves; that is for you to compute."""
    assert set(study["claims"]["best_depth"]) == {"tanh", "relu"}
    assert set(study["claims"]["best_depth"].values()) <= {0, 2}
    assert study["claims"]["slowest_activation"] in ("tanh", "relu")
