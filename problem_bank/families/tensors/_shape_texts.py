"""What the exercise on the shapes of tensors says."""

PROMPT = r"""
Which shape does each line give? The arrays `x` and `y` are different ones on each line.

{% if layers %}
Arrays are PyTorch's tensors, with the same rules for shapes as in NumPy. Layers are made by `nn.Linear(in, out)`,
`nn.Conv2d(in, out, kernel)` and `nn.ConvTranspose2d(in, out, kernel)`, with stride 1 and padding 0 where nothing else
is said; images are (batch, channels, height, width).
{% else %}
Arrays are NumPy's; axes are counted from 0.
{% endif %}

Write shapes as Python does, such as `(3, 5)` or `(4,)`; they are told apart from `(4, 1)` and `(1, 4)`. Some lines
raise an **error**: then write `error` and the two sizes that would have to agree but do not, such as `error 3 5`.
""".strip()

SOLUTION = r"""
{% for line in lines %}
- {{ line }}
{% endfor %}
""".strip()

SAID = {
    "leading": "You aligned the shapes at their beginnings. NumPy aligns them at their ends.",
    "outer": "You combined every entry with every other, as an outer product does. Axes that meet are matched.",
    "as_matmul": "You took `*` for the matrix product; it multiplies entry by entry. The matrix product is `@`.",
    "as_star": "You worked entry by entry, as `*` does; `@` is the matrix product.",
    "inner_kept": "You kept the inner axis. It is summed up in a matrix product, and vanishes.",
    "swapped": "You swapped the factors: the rows of the result come from the first one.",
    "transposed_for_you": "You transposed the first factor so that it fits. Python does not.",
    "keys_transposed": "You swapped the last axes of the second factor so that it fits. Python does not.",
    "column": "You wrote a column. A matrix times an array with one axis is an array with one axis.",
    "every_pair": "You paired every matrix with every other. The leading axes are matched as in broadcasting.",
    "others": "You kept the axis that is named. It is the one that vanishes, and the others stay.",
    "kept": "You kept the axis with size 1. That needs keepdims=True.",
    "forgotten": "You dropped the axis; keepdims=True keeps it, with size 1.",
    "from_one": "You counted the axes from 1; they are counted from 0.",
    "ignored": "You left the transpose out.",
    "last_two": "You swapped the last two axes only; .T turns the order of all of them around.",
    "no_axis": "You left out None, which puts in an axis of size 1.",
    "other_place": "You put the new axis after the first one; here it comes in front.",
    "joined": "You joined along an axis that is there already, as concatenate does. stack adds a new one.",
    "stacked": "You added a new axis, as stack does. concatenate joins along one that is there already.",
    "other_axis": "You took another axis than the one that is named (0 where none is).",
    "added": "You added sizes. As many entries go in as come out, so sizes that are merged multiply.",
    "flat": "You merged all the axes into one; some of them stay.",
    "flattens": "You flattened the input. A linear layer acts on the last axis, and leaves the others as they are.",
    "channels_first": "You let the linear layer act on the channels. It acts on the last axis, as a 1 x 1 convolution "
    "does on the second one.",
    "kernel_ignored": "You left the size of the kernel out: it shortens the way of the window, or widens what is "
    "reached.",
    "channels_kept": "You kept the number of channels; the second number of the layer is that of the output.",
    "padding_once": "Padding is on both sides, so it counts twice.",
    "padding_ignored": "You left the padding out. In a transposed convolution it takes pixels away.",
    "as_forward": "You took the size of a convolution; a transposed one makes images larger.",
    "channels_last": "You read the image with its channels at the end. The layer expects them in the second place.",
    "turned": "You took the first number for the output, since the layer is transposed. It is that of the input.",
}
