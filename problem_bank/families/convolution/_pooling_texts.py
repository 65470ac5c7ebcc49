"""The texts of convolution.pooling."""

from problem_bank.figures.grid import Grid, Panel, Window
from problem_bank.values import Matrix

PROMPT = r"""
Max pooling with windows of ${{ k }} \times {{ k }}$ and stride {{ stride }}, without padding, is applied to
$$X = {{ x }}.$$
The loss $L$ depends on the output $Y$ alone, with $\frac{\partial L}{\partial Y} = {{ g }}$.
""".strip()

SAID = {
    "averaged": "You took the means of the windows; max pooling keeps the largest entry.",
    "size": "You took the entries of the largest size; max pooling compares the numbers with their signs.",
    "stride_one": "You moved the window by one place; the stride is larger.",
    "apart": "You moved the window by its own size; the stride is smaller, so that windows overlap.",
    "spread": "You spread each gradient over its window, as average pooling does; only the largest entry made the "
    "output, so only that one gets it.",
    "to_all": "You gave each gradient to the whole window; an entry that was not the largest did not move the output.",
    "top_left": "You sent each gradient to the corner of its window; it belongs to the place of the largest entry.",
    "times_value": "You multiplied by the entries of X; the output is the largest entry itself, so its slope is 1.",
    "last_only": "Where one entry is the largest of several windows, the gradients of all of them add up there.",
}

SOLUTION = r"""
The first window holds ${{ first | join(", ") }}$; its largest entry is ${{ top }}$. In the same way, all windows give

$$Y = {{ Y }}.$$

{{ figure("maxima") }}

A small change of an entry moves an output only where that entry is the largest of the window, and then by just as
much. So each gradient goes to the place of the largest entry, unchanged, and all other places get 0. The first one,
${{ to }}$, goes to where ${{ top }}$ stands.
{% if k > stride %}
Windows overlap here: where an entry is the largest of several, their gradients add up.
{% endif %}

$$\frac{\partial L}{\partial X} = {{ dX }}.$$
""".strip()


def picture(x: Matrix, k: int, largest: tuple[tuple[int, int], ...], y: Matrix) -> Grid:
    """The first window, and the largest entry of each."""
    means = "Framed is the first window; shaded are the largest entries of the windows, and the output of the first."
    image = Panel("X", x, (Window(0, 0, k, k),), tuple(sorted(set(largest))))
    return Grid("The largest entries", (image, Panel("Y", y, shaded=((0, 0),))), means)
