"""What second routes share: mistakes that change nothing here, and sizes of arrays that are never stored."""

from __future__ import annotations

import numpy as np

from problem_bank.subjects.second_routes import size, unless_right


def test_a_misconception_that_leads_to_the_key_does_not_apply() -> None:
    """Whatever form the two values have; keys stay, and so do values that differ from them."""
    values = {"y": np.array([1.0, 2.0]), "y.same": [1, 2], "y.other": (2, 1), "y.none": None, "z": 3, "z.same": 3.0}
    found = unless_right(values)
    assert found["y"] is values["y"]
    assert found["z"] == 3
    assert {name: found[name] for name in found if "." in name} == {
        "y.same": None, "y.other": (2, 1), "y.none": None, "z.same": None,
    }  # fmt: skip


def test_a_size_is_that_of_the_array() -> None:
    """Also of a number, of an empty array, and of one that no memory could hold."""
    assert size(3, 4) == np.zeros((3, 4)).size
    assert (size(), size(2, 0)) == (1, 0)
    assert size(10**6, 10**6) == 10**12
