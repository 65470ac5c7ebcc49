"""Goodfellow et al., Deep Learning, section 9.2: a convolution as a sparse matrix with shared entries."""

from typing import Any

import numpy as np

from problem_bank.answers import Integer, Shape
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng

PROMPT = r"""{% if channels == 1 and filters == 1 %}
A filter of size ${{ k }} \times {{ k }}$ slides over an image of ${{ sides[0] }} \times {{ sides[1] }}$ pixels
{% else %}
{{ filters }} filters of size ${{ k }} \times {{ k }}$, each spanning all input channels, slide over an image of
${{ sides[0] }} \times {{ sides[1] }}$ pixels with {{ channels }} channels
{% endif %}
with stride {{ stride }}, without padding and without biases."""
SOLUTION = r"""An output sees a window of ${{ k }} \times {{ k }}$ pixels in each channel:
${{ channels }} \cdot {{ k }}^2 = {{ seen }}$ inputs. A filter has one weight for each of them, {{ seen }} in all, and
uses them at every position; with {{ filters }} filter{{ "s" if filters > 1 else "" }} these are
${{ filters }} \cdot {{ seen }} = {{ filters * seen }}$ distinct parameters.
{% if operator %}


The window fits ${{ fits[0] }} \times {{ fits[1] }}$ times, so there are
${{ filters }} \cdot {{ fits[0] }} \cdot {{ fits[1] }} = {{ rows }}$ outputs, the rows of the matrix, and
${{ channels }} \cdot {{ sides[0] }} \cdot {{ sides[1] }} = {{ columns }}$ inputs, its columns. Each row has {{ seen }}
entries that are not zero: ${{ rows }} \cdot {{ seen }} = {{ rows * seen }}$ in all.
{% endif %}"""

CHANNELS = (3, 5, 6, 7, 10, 11, 13, 14, 15, 17, 19, 21, 22, 23, 26)  # times k^2 they rarely coincide


@family(
    topic="convolution",
    source="Goodfellow 9.2",
    minutes=5,
    version=2,
    levels={
        "easy": {},
        "medium": {"operator": True},
        "hard": {"strides": (2, 3), "operator": True},
    },
)
def connectivity(
    rng: Rng,
    *,
    channel_counts: tuple[int, ...] = CHANNELS,
    filter_counts: tuple[int, ...] = (2, 3, 5, 6, 7),
    strides: tuple[int, ...] = (1,),
    operator: bool = False,
) -> Exercise:
    """Count connections and parameters of a convolution, and the entries of its matrix."""
    sides = rng.ints("sides", 2, 6, 9)
    k = rng.int("k", 2, 5)
    stride, channels, filters = (
        rng.choice("stride", strides),
        rng.choice("channels", channel_counts),
        rng.choice("filters", filter_counts),
    )
    if not (0 < k <= min(sides) and stride > 0 and channels > 0 and filters > 0):
        raise BadGiven(f"a window of k = {k} must fit the image {sides}; stride, channels and filters are at least 1")
    fits = tuple((side - k) // stride + 1 for side in sides)
    seen, pixels = channels * k * k, sides[0] * sides[1]
    rows, columns = filters * fits[0] * fits[1], channels * pixels
    return Exercise(
        given={"sides": sides, "k": k, "stride": stride, "channels": channels, "filters": filters,
               "channel_counts": channel_counts, "filter_counts": filter_counts,
               "strides": strides, "operator": operator},
        shown={"seen": seen, "fits": fits, "rows": rows, "columns": columns},
        prompt=PROMPT,
        parts=_parameters(k, channels, filters, pixels, rows)
        + (_operator(seen, rows, columns, filters, pixels) if operator else []),
        solution=SOLUTION,
    )  # fmt: skip


def _parameters(k: int, channels: int, filters: int, pixels: int, rows: int) -> list[Part]:
    """What one output sees, and what the whole layer uses."""
    seen, area = channels * k * k, "The window has an area: count its rows and columns."
    inputs = [
        Slip("whole_image", channels * pixels, "This is the whole image, as for a dense layer; here it is a window."),
        Slip("one_side", channels * k, area),
        Slip("one_channel", _other(k * k, seen), "The window extends through all channels of the input."),
    ]
    used = [
        Slip(
            "not_shared", rows * seen, "You gave each output its own weights; a filter uses the same ones everywhere."
        ),
        Slip("one_filter", _other(seen, filters * seen), "These are the parameters of one filter; count all filters."),
        Slip("outputs", rows, "This is the number of outputs, not of parameters."),
        Slip("biases_counted", filters * (seen + 1), "There are no biases here."),
    ]
    asked = "How many distinct parameters are used to compute all outputs?"
    return [
        Part("inputs_per_output", "How many inputs does one output depend on?", Integer(seen), misconceptions=inputs),
        Part("distinct_parameters", asked, Integer(filters * seen), points=2, misconceptions=used,
             follow=lambda earlier: filters * earlier["inputs_per_output"]),
    ]  # fmt: skip


def _operator(seen: int, rows: int, columns: int, filters: int, pixels: int) -> list[Part]:
    """The matrix that maps the flattened input to the flattened output."""
    shape, fewer = (rows, columns), "Without padding there are fewer window positions than pixels."
    shapes = [
        Slip("transposed", _other((columns, rows), shape), "There is a row for each output, a column for each input."),
        Slip("size_kept", (filters * pixels, columns), fewer),
        Slip("one_filter", _other((rows // filters, columns), shape), "Each filter has outputs of its own."),
    ]
    counts = [
        Slip(
            "distinct_counted", filters * seen, "These are the distinct weights; each occurs once for every position."
        ),
        Slip("all_entries", rows * columns, "This is the whole matrix; most inputs do not reach a given output."),
        Slip("size_kept", filters * pixels * seen, fewer),
    ]
    asked = "Written as one matrix times the flattened input: what is the shape of the matrix (rows x columns)?"
    return [
        Part("matrix", asked, Shape(shape), misconceptions=shapes),
        Part("nonzeros", "How many entries of the matrix are weights of the layer? (The others are always zero.)",
             Integer(rows * seen), misconceptions=counts,
             follow=lambda earlier: earlier["matrix"][0] * earlier["inputs_per_output"]),
    ]  # fmt: skip


def _other(value: Any, right: Any) -> Any:
    """A wrong value, or None where it happens to be right."""
    return value if value != right else None


@connectivity.oracle
def built(**given: Any) -> dict[str, Any]:
    """The matrix itself, each weight a number of its own; a padded one for the output of the same size."""
    sides, k, channels, filters = given["sides"], given["k"], given["channels"], given["filters"]
    kernels = np.arange(1, filters * channels * k * k + 1).reshape(filters, -1)
    M, same = (
        _matrix(sides, k, given["stride"], kernels, channels),
        (filters * np.empty(sides).size, channels * np.empty(sides).size),
    )
    seen, one = np.count_nonzero(M, axis=1), kernels[0].reshape(channels, k, k)
    told = {
        "inputs_per_output": int(seen[0]),
        "inputs_per_output.whole_image": M.shape[1],
        "inputs_per_output.one_side": one[:, 0].size,
        "inputs_per_output.one_channel": one[0].size if channels > 1 else None,
        "distinct_parameters": len(np.unique(M[M > 0])),
        "distinct_parameters.not_shared": int(seen.sum()),
        "distinct_parameters.one_filter": one.size if filters > 1 else None,
        "distinct_parameters.outputs": len(M),
        "distinct_parameters.biases_counted": filters + kernels.size,
    }
    if given["operator"]:
        told |= {
            "matrix": M.shape,
            "matrix.transposed": M.T.shape if M.shape[0] != M.shape[1] else None,
            "matrix.size_kept": same,
            "matrix.one_filter": (int((M == 1).sum()), M.shape[1]) if filters > 1 else None,
            "nonzeros": int(seen.sum()),
            "nonzeros.distinct_counted": int(M.max()),
            "nonzeros.all_entries": M.size,
            "nonzeros.size_kept": same[0] * int(seen[0]),
        }
    return told


def _matrix(sides: tuple[int, int], k: int, stride: int, kernels: Any, channels: int) -> Any:
    """One row for each output; its columns come from sliding the window over an image of pixel numbers."""
    pixels = np.arange(channels * sides[0] * sides[1]).reshape(channels, *sides)
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (k, k), (1, 2))[:, ::stride, ::stride]
    columns = windows.transpose(1, 2, 0, 3, 4).reshape(-1, kernels.shape[1])  # (positions, weights of a filter)
    M = np.zeros((len(kernels), len(columns), pixels.size), dtype=int)
    M[:, np.arange(len(columns))[:, None], columns] = kernels[:, None, :]
    return M.reshape(-1, pixels.size)
