"""Tests to work with: `pytest test_learning_rate_study.py`. They need PyTorch and pytest only.

They train tiny networks on generated data. Passing these is a good sign, and no promise: the grading also
looks at cases that are not tried here.
"""

import numpy as np
import pytest
import study_data
import torch
from experiments import learning_rate_study

DATA = study_data.vectors(seed=1, sizes=(240, 130), features=12)
SETTINGS = {"depths": [0, 2], "activation": "tanh", "width": 16, "batch_size": 40, "epochs": 3}


def ends(rates, **changes):
    """The weights with which each run ends, as one vector each."""
    runs = learning_rate_study(DATA, rates, **SETTINGS | changes, seed=1)["runs"]
    return [torch.nn.utils.parameters_to_vector(run["model"].parameters()).detach() for run in runs]


@pytest.fixture(scope="module")
def study():
    return learning_rate_study(DATA, [0.1, 0.01], **SETTINGS, seed=1)


def test_one_run_per_setting(study):
    """Every rate with every depth, once."""
    assert sorted((run["rate"], run["depth"]) for run in study["runs"]) == [(0.01, 0), (0.01, 2), (0.1, 0), (0.1, 2)]


@pytest.mark.parametrize("curve", ["train_loss", "val_loss", "val_accuracy"])
def test_one_number_per_epoch(study, curve):
    """A curve, not its end."""
    for run in study["runs"]:
        assert np.shape(run[curve]) == (3,)
        assert np.isfinite(run[curve]).all()


def test_all_rates_start_from_the_same_weights():
    """With rates of almost 0 nothing moves, so the runs of one depth have to end alike."""
    one, other = ends([0.0, 1e-9], depths=[1])
    assert torch.allclose(one, other, atol=1e-6)


def test_the_first_step_of_adam():
    """With all samples as one batch, an epoch is one step, and Adam's first step moves a weight by the rate."""
    start, end = ends([0.0, 0.05], depths=[1], epochs=1, batch_size=240)
    assert (end - start).abs().median().item() == pytest.approx(0.05, rel=0.02)


def test_the_claims_are_about_settings(study):
    """What they say has to follow from the curves; that is for you to compute."""
    assert set(study["claims"]["best_rate"].values()) <= {0.1, 0.01}
    assert set(study["claims"]["best_rate"]) == set(study["claims"]["smaller_is_better"]) == {0, 2}
