# ruff: noqa: E501  # tables of formulas, one per line
"""Derivations: every line is true, every wrong one false, every right order is accepted, and files are checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations, product
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

import problem_bank
from assignments.documents.mathml import mathml
from problem_bank.answers import Ordering
from problem_bank.answers.choice import LETTERS
from problem_bank.errors import BadGiven
from problem_bank.subjects import derivations
from problem_bank.subjects.derivations import BLANK, FOLDER, Derivation, read
from problem_bank.verdict import Status

ALL = derivations.derivations()
ORDER, FILL = problem_bank.load("derivations.order_lines"), problem_bank.load("derivations.fill_lines")


def drawn(family: Any, name: str, **knobs: Any) -> Any:
    return family.draw(("test", name), level=ALL[name].level, given={"derivation": name, **knobs})


@pytest.mark.parametrize("name", ALL)
def test_any_order_that_keeps_the_dependencies_is_right(name: str) -> None:
    """All right orders are accepted (there are several), and among random ones no other."""
    part = drawn(ORDER, name).parts[0]
    assert isinstance(part.answer, Ordering)
    texts = {line.name: derivations.complete(line.text) for line in ALL[name].line}
    place = {line: part.answer.options.index(text) for line, text in texts.items()}
    pairs = [(place[use], place[line.name]) for line in ALL[name].line for use in line.uses]

    def keeps(order: tuple[int, ...]) -> bool:
        return all(order.index(use) < order.index(line) for use, line in pairs)

    every = list(permutations(place.values()))
    tried = Random(name).sample(every, min(len(every), 700))
    right = [order for order in every if keeps(order)]
    assert len(right) > 1
    for order in [*tried, *right[:200]]:
        assert part.answer.compare(order).right == keeps(order)


@pytest.mark.parametrize("name", ALL)
def test_a_line_less_or_a_line_more_is_not_right(name: str) -> None:
    """Every line that belongs is needed, and every one that does not costs a share and is named."""
    variant = drawn(ORDER, name, wrong=6)
    part = variant.parts[0]
    order = part.answer.key.order
    for line in order:
        assert not part.answer.compare(tuple(other for other in order if other != line)).right
    assert {slip.name for slip in part.misconceptions} == {wrong.misconception for wrong in ALL[name].distractor}
    for slip in part.misconceptions:
        verdict = variant.mark({"order": part.answer.show((*order, slip.value.line))})["order"]
        assert verdict.misconceptions == (slip.name,)
        assert verdict.status is Status.PARTIAL
        assert f"Line {LETTERS[slip.value.line]} does not belong" in verdict.remark


def test_a_random_order_earns_next_to_nothing() -> None:
    """All lines as they are shown, or in an order by chance, earn below 3 % on average over the bank."""
    random, shares = Random(5), []
    for name in ALL:
        for i in range(40):
            answer = ORDER.draw(("chance", i), level=ALL[name].level, given={"derivation": name}).parts[0].answer
            lines = list(range(len(answer.options)))
            shares += [
                answer.compare(tuple(lines)).share,
                answer.compare(tuple(random.sample(lines, len(lines)))).share,
            ]
    assert sum(shares) / len(shares) < 0.03


@pytest.mark.parametrize("name", ALL)
def test_blanks_are_boxes_and_nothing_of_the_markup_is_seen(name: str) -> None:
    """Asked formulas give way to their numbered box wherever they stand; the others and the solution are complete."""
    variant = drawn(FILL, name, count=9)
    texts = [variant.prompt, variant.solution, *(variant.text(part.prompt) for part in variant.parts)]
    texts.append(drawn(ORDER, name).prompt)
    assert not any("<<" in text or ">>" in text for text in texts)
    for box, part in enumerate(variant.parts, 1):
        marked = sum(found[1] == part.name for line in ALL[name].line for found in BLANK.finditer(line.text))
        assert variant.prompt.count(rf"\square_{{{box}}}") == marked
    assert r"\square" not in variant.solution


@pytest.mark.parametrize("name", ALL)
def test_every_formula_is_typeset(name: str) -> None:
    """The page shows no LaTeX source: all formulas of a derivation are understood, boxes among them."""
    pages = [*(variant.prompt for variant in (drawn(FILL, name, count=9), drawn(ORDER, name, wrong=6)))]
    pages += [v.text(p.prompt) for v in (drawn(FILL, name), drawn(ORDER, name, wrong=6)) for p in v.parts]
    formulas = [formula for page in pages for formula in re.findall(r"\$([^$]+)\$", page)]
    assert len(formulas) > 10
    for formula in formulas:
        assert "<math" in mathml(formula), formula


FOLLOWED = {
    "the factor from an own sum": ("adam_bias_correction", {"sum": "t", "factor": "(1-rho)*t"}, "factor"),
    "the field from an own growth": ("receptive_field", {"growth": "k", "next": "1 + L(k-1) + k"}, "next"),
    "the unit from an own mask": ("inverted_dropout", {"mask": "1-p", "unit": "h_i(1-p)/p"}, "unit"),
}


@pytest.mark.parametrize(("name", "answers", "part"), FOLLOWED.values(), ids=FOLLOWED)
def test_later_blanks_follow_from_earlier_ones(name: str, answers: dict[str, str], part: str) -> None:
    """A wrong formula costs its own marks; what follows from it is consistent."""
    verdicts = drawn(FILL, name, count=9).mark(answers)
    first = next(iter(answers))
    assert verdicts[first].misconceptions
    assert verdicts[part].status is Status.CONSISTENT


@pytest.mark.parametrize("answer", ["0", "1", "1/2"])
def test_nothing_follows_from_a_bare_number(answer: str) -> None:
    """A number as an earlier formula would leave nothing to do, so what is built on it is not consistent."""
    verdicts = drawn(FILL, "receptive_field", count=9).mark({"growth": answer, "next": f"1 + L*(k-1) + {answer}"})
    assert verdicts["next"].status is Status.WRONG


def test_an_unknown_derivation_is_refused() -> None:
    """The error lists those that there are."""
    with pytest.raises(BadGiven, match="softmax_derivative"):
        ORDER.draw("", given={"derivation": "fermat"})


# Are the lines true? Each formula in numbers, against differences of the function itself.

RANDOM = np.random.default_rng(3)
X, W, C, ONE = RANDOM.normal(size=(3, 3)), RANDOM.normal(size=(3, 3)), RANDOM.normal(size=(3, 3)), np.eye(3)
B = RANDOM.normal(size=3)


def jacobian(f: Any, at: Any) -> Any:
    """Central differences; the shape of f(at), then that of at."""
    columns = []
    for i in np.ndindex(at.shape):
        step = np.zeros_like(at)
        step[i] = 1e-6
        columns.append((np.asarray(f(at + step)) - np.asarray(f(at - step))) / 2e-6)
    return np.stack(columns, -1).reshape(*columns[0].shape, *at.shape)


def linear_claims() -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    """Claims of the linear layers; all sizes are 3, so that wrong formulas have the right shape as well."""

    def loss(x: Any, w: Any, b: Any) -> Any:
        return np.sum(C * np.sin(x @ w.T + b))

    g = C * np.cos(X @ W.T + B)
    e = np.einsum
    yield "linear_bias", "local", jacobian(lambda b: X @ W.T + b, B), {
        "": e("jk,i->ijk", ONE, np.ones(3)), "row_sums": e("ik,j->ijk", ONE, np.ones(3)),
        "delta_lost": np.ones((3, 3, 3)), "wrong_delta": e("ij,k->ijk", ONE, np.ones(3))}  # fmt: skip
    yield "linear_bias", "result", jacobian(lambda b: loss(X, W, b), B), {
        "": g.sum(0), "row_sums": g.sum(1), "delta_lost": np.full(3, g.sum()), "lost_sum": g[0],
        "extra_mean": g.mean(0)}  # fmt: skip
    yield "linear_bias", "matrix", jacobian(lambda b: loss(X, W, b), B), {
        "": np.ones(3) @ g, "row_sums": g @ np.ones(3), "lost_sum": g, "extra_mean": np.ones(3) @ g / 3}  # fmt: skip
    yield "linear_weights", "local", jacobian(lambda w: X @ w.T + B, W), {
        "": e("jk,il->ijkl", ONE, X), "wrong_delta": e("ik,jl->ijkl", ONE, X),
        "transposed_factor": e("jk,li->ijkl", ONE, X), "delta_lost": e("il,j,k->ijkl", X, np.ones(3), np.ones(3))}  # fmt: skip
    yield "linear_weights", "result", jacobian(lambda w: loss(X, w, B), W), {
        "": e("ik,il->kl", g, X), "transposed_factor": e("ki,il->kl", g, X), "lost_sum": e("k,l->kl", g[0], X[0]),
        "delta_lost": e("ij,il,k->kl", g, X, np.ones(3))}  # fmt: skip
    yield "linear_weights", "matrix", jacobian(lambda w: loss(X, w, B), W), {
        "": g.T @ X, "transposed_result": X.T @ g, "transposed_factor": g @ X, "wrong_index_summed": g @ X.T,
        "extra_mean": g.T @ X / 3}  # fmt: skip
    yield "linear_input", "local", jacobian(lambda x: x @ W.T + B, X), {
        "": e("ik,jl->ijkl", ONE, W), "wrong_delta": e("jk,il->ijkl", ONE, W),
        "transposed_factor": e("ik,lj->ijkl", ONE, W), "delta_lost": e("jl,i,k->ijkl", W, np.ones(3), np.ones(3))}  # fmt: skip
    yield "linear_input", "result", jacobian(lambda x: loss(x, W, B), X), {
        "": e("kj,jl->kl", g, W), "transposed_factor": e("jk,jl->kl", g, W), "lost_sum": e("k,l->kl", g[:, 0], W[0]),
        "delta_lost": e("ij,jl,k->kl", g, W, np.ones(3))}  # fmt: skip
    yield "linear_input", "matrix", jacobian(lambda x: loss(x, W, B), X), {
        "": g @ W, "forward_again": g @ W.T, "swapped_factors": W.T @ g, "transposed_factor": g.T @ W}  # fmt: skip


def elementwise_claims() -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    """Claims of an activation, here tanh."""
    slope, of_output = 1 - np.tanh(X) ** 2, 1 - np.tanh(np.tanh(X)) ** 2
    e, whole = np.einsum, jacobian(np.tanh, X)
    yield "elementwise", "deltas", whole, {
        "": e("ik,jl,kl->ijkl", ONE, ONE, slope), "delta_lost": e("ik,j,kl->ijkl", ONE, np.ones(3), slope),
        "wrong_delta": e("ij,kl,kl->ijkl", ONE, ONE, slope),
        "deltas_added": e("ik,j,kl->ijkl", ONE, np.ones(3), slope) + e("i,jl,kl->ijkl", np.ones(3), ONE, slope)}  # fmt: skip
    yield "elementwise", "slope", e("klkl->kl", whole), {
        "": slope, "slope_at_output": of_output, "not_differentiated": np.tanh(X),
        "slope_at_gradient": 1 - np.tanh(C) ** 2}  # fmt: skip
    gradient = jacobian(lambda x: np.sum(C * np.tanh(x)), X)
    yield "elementwise", "matrix", gradient, {"": C * slope, "matrix_product": C @ slope}


def softmax(z: Any) -> Any:
    return np.exp(z) / np.exp(z).sum()


def softmax_claims() -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    """Claims of softmax and of the cross-entropy behind it."""
    z = B
    s, size, e = softmax(z), np.exp(z).sum(), np.exp(z)
    yield "softmax_derivative", "numerator", jacobian(np.exp, z), {
        "": np.diag(e), "delta_lost": np.outer(e, np.ones(3)), "power_rule": np.diag(z * np.exp(z - 1)),
        "exponential_lost": ONE}  # fmt: skip
    yield "softmax_derivative", "denominator", jacobian(lambda z: np.exp(z).sum(), z), {
        "": e, "whole_sum": np.full(3, size), "constant_denominator": np.zeros(3), "wrong_index": np.full(3, e[0])}  # fmt: skip
    whole = jacobian(softmax, z)
    yield "softmax_derivative", "sign", whole, {
        "": (np.diag(e) * size - np.outer(e, e)) / size**2, "quotient_sign": (np.diag(e) * size + np.outer(e, e)) / size**2,
        "product": np.diag(e) * size * np.outer(e, e) / size**2}  # fmt: skip
    yield "softmax_derivative", "entry", whole, {
        "": s[:, None] * (ONE - s), "delta_lost": np.outer(s, 1 - s), "quotient_sign": s[:, None] * (ONE + s),
        "diagonal_only": np.diag(s * (1 - s))}  # fmt: skip
    yield "softmax_derivative", "matrix", whole, {
        "": np.diag(s) - np.outer(s, s), "inner_for_outer": np.diag(s) - s @ s, "quotient_sign": np.diag(s) + np.outer(s, s),
        "vector_for_diagonal": s - np.outer(s, s)}  # fmt: skip
    t = np.array([0.0, 1.0, 0.0])
    name = "softmax_cross_entropy"
    yield name, "log", jacobian(lambda s: -np.sum(t * np.log(s)), s), {
        "": -t / s, "log_sign": t / s, "log_not_inverted": -t * s, "target_lost": -1 / s}  # fmt: skip
    yield name, "delta", t @ ONE, {"": t, "one_hot_everywhere": np.ones(3), "wrong_index": t[::-1] + t[0] + 1,
                                   "delta_vanishes": np.zeros(3)}  # fmt: skip
    yield name, "entry", jacobian(lambda z: -np.sum(t * np.log(softmax(z))), z), {
        "": s - t, "log_sign": t - s, "diagonal_only": -t * (1 - s), "target_lost": s,
        "true_class_only": t * (s - t)}  # fmt: skip

    def mean(scores: Any) -> Any:
        return -np.mean([np.log(softmax(row))[1] for row in scores])

    y, targets = np.array([softmax(row) for row in X]), np.tile(t, (3, 1))
    yield name, "batch", jacobian(mean, X), {"": (y - targets) / 3, "mean_lost": y - targets}


def scalar_claims() -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    """Claims of sums, expectations, pixels and expansions."""
    rho, t, mu = 0.7, 5, 1.3
    average = 0.0
    for _ in range(t):
        average = rho * average + (1 - rho) * mu
    weights = [rho ** (t - i) for i in range(1, t + 1)]
    name = "adam_bias_correction"
    yield name, "sum", sum(weights), {
        "": (1 - rho**t) / (1 - rho), "infinite_sum": 1 / (1 - rho), "one_term_short": (1 - rho ** (t - 1)) / (1 - rho),
        "weights_ignored": t}  # fmt: skip
    yield name, "factor", average / mu, {
        "": 1 - rho**t, "exponent_lost": 1 - rho, "factor_lost": sum(weights), "weight_of_the_start": rho**t,
        "unbiased_anyway": 1}  # fmt: skip
    own = [_average_of_one(i, t, rho) / (1 - rho) for i in range(1, t + 1)]
    yield name, "weight", np.array(own), {
        "": np.array(weights), "oldest_weighs_most": np.array([rho**i for i in range(1, t + 1)]),
        "same_weight": np.full(t, rho**t), "factors_added": np.array([rho * (t - i) for i in range(1, t + 1)])}  # fmt: skip
    p, h, w, b = 0.8, B, C[0], 0.1
    masks = list(product((0, 1), repeat=3))
    chance = [np.prod([p if m else 1 - p for m in mask]) for mask in masks]
    name = "inverted_dropout"
    yield name, "mask", np.dot(chance, np.array(masks)), {
        "": np.full(3, p), "drop_for_keep": np.full(3, 1 - p), "equally_likely": np.full(3, 0.5)}  # fmt: skip
    yield name, "unit", np.dot(chance, np.array(masks) * h / p), {
        "": h, "scale_forgotten": p * h, "always_kept": h / p}  # fmt: skip
    sums = np.array([w @ (np.array(mask) * h / p) + b for mask in masks])
    yield name, "evaluation", np.dot(chance, sums), {
        "": w @ h + b, "scaled_in_evaluation": w @ (p * h) + b, "training_scale_kept": w @ h / p + b}  # fmt: skip
    assert not np.isclose(np.dot(chance, np.maximum(sums, 0)), max(w @ h + b, 0))  # through_activation
    k, layers = 4, 3
    r, wider = _seen(k, layers), _seen(k, layers + 1)
    name = "receptive_field"
    yield name, "growth", wider - r, {
        "": k - 1, "kernels_added": k, "both_sides": 2 * (k - 1), "one_side": (k - 1) / 2, "kernels_multiplied": k * r - r}  # fmt: skip
    yield name, "next", wider, {
        "": 1 + (layers + 1) * (k - 1), "not_advanced": 1 + layers * (k - 1), "kernels_added": 1 + (layers + 1) * k,
        "pixel_lost": (layers + 1) * (k - 1)}  # fmt: skip
    yield name, "base", _seen(k, 0), {"": 1, "starts_with_a_layer": k}
    v, hessian = ONE[0], np.diag([2.0, 3.0, 5.0])
    small = 1e-4
    f = 0.5 * (small * v) @ hessian @ (small * v) + (small * v).sum() ** 4
    yield "strict_minimum", "quadratic", f / small**2, {
        "": 2 / 2, "half_lost": 2, "order_lost": 2 / 2 / small, "eigenvalue_squared": 2**2 / 2}  # fmt: skip
    first = np.linalg.eigvalsh(np.array([[1, 2], [2, 1]]))[0]
    assert first < 0  # diagonal_entries: positive ones, and yet a negative eigenvalue


def _average_of_one(which: int, t: int, rho: float) -> float:
    """The average after t steps if only this gradient is 1 and all others are 0."""
    average = 0.0
    for i in range(1, t + 1):
        average = rho * average + (1 - rho) * (i == which)
    return average


def _seen(k: int, layers: int) -> int:
    """How many pixels one output sees, followed back layer by layer."""
    pixels = {0}
    for _ in range(layers):
        pixels = {pixel + offset for pixel in pixels for offset in range(k)}
    return len(pixels)


CLAIMS = [*linear_claims(), *elementwise_claims(), *softmax_claims(), *scalar_claims()]


@pytest.mark.parametrize(("name", "blank", "truth", "values"), CLAIMS, ids=[f"{c[0]}-{c[1]}" for c in CLAIMS])
def test_right_formulas_are_true_and_wrong_ones_false(
    name: str, blank: str, truth: Any, values: dict[str, Any]
) -> None:
    """Measured on the function itself, the right formula holds, and that of each misconception does not."""
    for tag, value in values.items():
        holds = np.shape(value) == np.shape(truth) and np.allclose(value, truth, rtol=1e-5, atol=1e-7)
        assert holds == (not tag), (tag, value, truth)
    if blank in ALL[name].blanks:
        tags = {wrong.misconception for wrong in (*ALL[name].blanks[blank].wrong, *ALL[name].distractor)}
        assert set(values) - {""} <= tags


def test_the_sums_of_the_xor_constraints() -> None:
    """The four values at the points, and their sums by class, as the lines say; 2 (w1 + w2 + 2b) is left of both."""
    w1, w2, b = 2, 3, 7  # numbers whose sums tell the terms apart
    at = {x: w1 * x[0] + w2 * x[1] + b for x in product((0, 1), repeat=2)}
    assert at == {(0, 0): b, (0, 1): w2 + b, (1, 0): w1 + b, (1, 1): w1 + w2 + b}
    assert at[0, 1] + at[1, 0] == at[0, 0] + at[1, 1] == w1 + w2 + 2 * b


# Are mistakes in the files found?

GOOD = (FOLDER / "inverted_dropout.toml").read_text("utf-8")
MISTAKES = {
    "no TOML": ('title = "', "title = ", "inverted_dropout.toml: Invalid value"),
    "a line before what it uses": ('uses = ["mask"]', 'uses = ["linear"]', "line unit uses linear, which is no line before"),
    "a line that nothing uses": ('uses = ["unit", "linear"]', 'uses = ["unit"]', "no line uses linear"),
    "two lines of one name": ('name = "linear"', 'name = "mask"', "have the line mask"),
    "two misconceptions of one name": ('misconception = "through_activation"', 'misconception = "scale_forgotten"',
                                       "have the misconception scale_forgotten"),
    "a wrong line that is right": ("[m_i] = 1 - p$", "[m_i] = p$", "have the text"),
    "a blank that is not marked": ("<<mask: p>>", "p", "the blanks mask, unit, evaluation are not those"),
    "dollars that do not pair up": ("$\\mathbb{E}[m_i] = 1 - p$", "\\mathbb{E}[m_i] = 1 - p$", "do not pair up"),
    "an unknown domain": ('symbols = { p = "positive" }', 'symbols = { p = "round" }', "an answer takes symbols"),
    "an unknown key": ('level = "easy"', 'level = "easy"\nlevels = "easy"', "levels: Extra inputs are not permitted"),
    "no such level": ('level = "easy"', 'level = "simple"', "level: Input should be"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_in_a_file_are_named(old: str, new: str, said: str, tmp_path: Path) -> None:
    """Each mistake is told with its file and what is wrong; the file as it is has none."""
    assert old in GOOD
    (tmp_path / "inverted_dropout.toml").write_text(GOOD.replace(old, new, 1), "utf-8")
    found, mistakes = read(tmp_path)
    assert bool(mistakes) == bool(said)
    assert all(mistake.startswith("inverted_dropout.toml: ") for mistake in mistakes)
    assert said in "\n".join(mistakes)
    assert all(isinstance(each, Derivation) for each in found.values())
