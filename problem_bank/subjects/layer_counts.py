"""Learned parameters of dense, convolutional and batch-normalised layers, one graded step each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from problem_bank.answers import Integer
from problem_bank.exercise import Earlier, Part, Rule, Slip

NO_BIAS = "You left the biases out; every unit and every filter has one."
NEEDLESS_BIAS = "You counted biases; here no unit has one."
BIAS_PER_INPUT = "You counted a bias for every input; there is one for every unit."
NO_CHANNELS = "You left the input channels out; a filter reaches through all of them."
LINE = "You counted k weights for a window; it is k wide and k high."
BIAS_PER_CHANNEL = "You counted a bias for every input channel of a filter; a filter has one in all."
NOT_SHARED = "You counted the weights anew for every position; a filter is shared by all of them."
NO_BATCH_NORM = "You left batch normalisation out; it learns a scale and a shift for each unit or channel."
RUNNING = "You counted the running mean and variance as well; no gradient ever changes them."
SCALE_ONLY = "You counted the scale alone; each unit or channel has a shift as well."
ONE_PAIR = "You counted one scale and shift for the whole layer; every unit or channel has its own."
FEATURES_COUNTED = "You added the number of flattened features; these are values, no parameters."


@dataclass(frozen=True)
class Counted:
    """A layer whose parameters are counted: its part, the line that works it out, and what is often
    confused with it: how many of them are biases, and how many numbers are tracked but not learned.
    """

    part: Part
    line: str
    biases: int = 0
    tracked: int = 0


def dense(name: str, said: str, inputs: int, units: int, *, fed: Rule | None = None, biased: bool = True) -> Counted:
    """Inputs * units, plus units where these are `biased`.

    `fed` reads the number of inputs from an earlier part, if one asks for it.
    """

    def counted(count: Callable[[int], int]) -> Rule:
        return lambda earlier: count(fed(earlier) if fed else inputs)

    if not biased:
        line = rf"{inputs} inputs for each of {units} units: ${inputs} \cdot {units} = {inputs * units}$."
        needless = [Slip("biased", inputs * units + units, NEEDLESS_BIAS)]
        return Counted(Part(name, said, Integer(inputs * units), misconceptions=needless), line)
    slips = [
        Slip("no_bias", counted(lambda n: n * units), NO_BIAS),
        *_applying(inputs != units, Slip("bias_per_input", counted(lambda n: n * units + n), BIAS_PER_INPUT)),
    ]
    key = inputs * units + units
    line = (
        rf"{inputs} inputs for each of {units} units, and {units} biases: ${inputs} \cdot {units} + {units} = {key}$."
    )
    follow = counted(lambda n: n * units + units) if fed else None
    return Counted(Part(name, said, Integer(key), misconceptions=slips, follow=follow), line, biases=units)


def convolution(name: str, said: str, channels: int, filters: int, *, k: int, positions: int) -> Counted:
    """(channels k^2 + 1) * filters; `positions` is how many windows a filter visits."""
    weights = channels * k * k
    key = (weights + 1) * filters
    slips = [
        Slip("no_bias", weights * filters, NO_BIAS),
        *_applying(channels > 1, Slip("no_channels", (k * k + 1) * filters, NO_CHANNELS)),
        *_applying(channels > 1, Slip("bias_per_channel", channels * (k * k + 1) * filters, BIAS_PER_CHANNEL)),
        *_applying(k > 1, Slip("line", (channels * k + 1) * filters, LINE)),
        *_applying(positions > 1, Slip("not_shared", key * positions, NOT_SHARED)),
    ]
    line = (
        rf"A filter has ${k} \cdot {k} \cdot {channels} = {weights}$ weights and one bias: "
        rf"${filters} \cdot ({weights} + 1) = {key}$."
    )
    return Counted(Part(name, said, Integer(key), misconceptions=slips), line, biases=filters)


def batch_norm(name: str, said: str, units: int) -> Counted:
    """2 * units: a scale and a shift each."""
    slips = [
        Slip("no_batch_norm", 0, NO_BATCH_NORM),
        Slip("running_statistics", 4 * units, RUNNING),
        Slip("scale_only", units, SCALE_ONLY),
        *_applying(units > 2, Slip("one_pair", 2, ONE_PAIR)),
    ]
    line = rf"A scale and a shift for each: $2 \cdot {units} = {2 * units}$; running statistics are not learned."
    return Counted(Part(name, said, Integer(2 * units), misconceptions=slips), line, tracked=2 * units)


def total(layers: Sequence[Counted], *, features: bool) -> Counted:
    """The sum over all layers; it follows from the student's own counts. `features`: is there such a part?"""
    names = [layer.part.name for layer in layers]
    plain = [layer.part.name for layer in layers if not layer.tracked]
    biases, tracked = sum(layer.biases for layer in layers), sum(layer.tracked for layer in layers)

    def all_of(earlier: Earlier) -> int:
        return sum(earlier[name] for name in names)

    slips = [
        *_applying(biases > 0, Slip("no_biases", lambda earlier: all_of(earlier) - biases, NO_BIAS)),
        *_applying(tracked > 0, Slip("no_batch_norm", lambda e: sum(e[name] for name in plain), NO_BATCH_NORM)),
        *_applying(tracked > 0, Slip("running_statistics", lambda e: all_of(e) + tracked, RUNNING)),
        *_applying(features, Slip("features_counted", lambda e: all_of(e) + e["features"], FEATURES_COUNTED)),
    ]
    counts = [layer.part.answer.key for layer in layers]
    line = f"${' + '.join(map(str, counts))} = {sum(counts)}$."
    said = "The whole network: how many learned parameters in all?"
    return Counted(Part("total", said, Integer(sum(counts)), misconceptions=slips, follow=all_of), line)


def _applying(applies: bool, slip: Slip) -> list[Slip]:
    return [slip] if applies else []
