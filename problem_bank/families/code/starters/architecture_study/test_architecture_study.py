"""Tests to work with: `pytest test_architecture_study.py`. They need PyTorch and pytest only.

They train tiny networks on generated images. Passing these is a good sign, and no promise: the grading also
looks at cases that are not tried here.
"""

import numpy as np
import pytest
import study_data
from experiments import architecture_study

KINDS = ["mlp", "mlp_l2", "cnn"]
DATA = {
    name: study_data.motifs(1, (160, 90), 4, shift=shift, noise=0.3) for name, shift in (("still", 0), ("moved", 3))
}
SETTINGS = {"width": 16, "n_filters": (4, 6), "lr": 0.01, "weight_decay": 0.01, "batch_size": 20, "epochs": 3}


@pytest.fixture(scope="module")
def study():
    return architecture_study(DATA, KINDS, **SETTINGS, seed=1)


def test_one_run_per_setting(study):
    """Every architecture on every data set, once."""
    found = sorted((run["data"], run["architecture"]) for run in study["runs"])
    assert found == sorted((name, kind) for name in DATA for kind in KINDS)


@pytest.mark.parametrize("curve", ["train_loss", "val_loss", "val_accuracy"])
def test_one_number_per_epoch(study, curve):
    """A curve, not its end."""
    for run in study["runs"]:
        assert np.shape(run[curve]) == (3,)
        assert np.isfinite(run[curve]).all()


def test_parameters(study):
    """A dense layer has one weight per pixel and unit; the penalty adds no parameter."""
    counts = {run["architecture"]: run["parameters"] for run in study["runs"]}
    assert counts["mlp"] == counts["mlp_l2"] == 145 * 16 + 17 * 4
    assert counts["cnn"] < counts["mlp"]


def test_the_penalty_is_the_only_difference():
    """Without it, both MLPs are the same network."""
    runs = architecture_study({"moved": DATA["moved"]}, KINDS, **SETTINGS | {"weight_decay": 0.0}, seed=1)["runs"]
    losses = {run["architecture"]: run["val_loss"] for run in runs}
    assert np.allclose(losses["mlp"], losses["mlp_l2"])


def test_the_claims_are_about_the_data_sets(study):
    """What they say has to follow from the curves; that is for you to compute."""
    for name in ("cnn_wins", "cnn_wins_over_l2"):
        assert set(study["claims"][name]) == {"still", "moved"}
        assert set(study["claims"][name].values()) <= {True, False}
