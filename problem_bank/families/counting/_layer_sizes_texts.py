"""What the exercise on sizes layer by layer says."""

PROMPT = r"""
{% if axes == 3 %}
A scan of {{ sides | join(" × ") }} voxels (depth × height × width)
{% else %}
An image of {{ sides | join(" × ") }} pixels (height × width)
{% endif %}
with {{ channels }} channel{{ "s" if channels > 1 else "" }} passes these layers. All windows are {# -#}
{{ "cubes" if axes == 3 else "squares" }} and reach through all channels of their input, except that pooling works on
each channel alone. {# -#}
**{{ ("Every filter has a bias" ~ (", at every place where it has weights of its own" if "local" in kinds else ""))
if biases else "No layer has biases" }}.**

{% for line in described %}
{{ loop.index }}. {{ line }}
{% endfor %}

Give sizes as {{ "" if channels_last else "channels x " -}}
{{ "depth x height x width" if axes == 3 else "height x width" }}{{ " x channels" if channels_last else "" }}.
""".strip()

SOLUTION = r"""
{% for line in lines %}
{{ loop.index }}. {{ line }}
{% endfor %}

All layers together have {{ summed }} {{ "weights and biases" if biases else "weights" }}.
{% if flattened %}

A dense layer reads every value of the last size: {{ features }} in all.
{% endif %}
""".strip()

FEATURES = "The last output is flattened for a dense layer: how many values does that layer read?"

DESCRIBED = {
    "valid": "A convolution with {f} filters of {window}, stride {s}, no padding ('valid').",
    "padded": "A convolution with {f} filters of {window}, stride {s}, and a border of zeros {p} wide on all sides.",
    "same": "A convolution with {f} filters of {window}, stride {s}, and 'same' padding: zeros at the edges, so many "
    "that there is an output for every block of {s} places along an axis, also for a last block that is not full.",
    "pooling": "Max pooling with windows of {window} and stride {s}; windows that hang over the edge are dropped.",
    "pointwise": "A convolution with {f} filters of {window}, stride 1.",
    "local": "A locally connected layer with {f} filters of {window}, stride {s}, no padding: it works like a "
    "convolution, but has weights of its own at every place.",
    "transposed": "A transposed convolution with {f} filters of {window} and stride {s}; {border}.",
}

SIDE = {
    "same": r"\lceil n / {s} \rceil",
    "pointwise": "n",
    "transposed": r"(n - 1) \cdot {s} + {k} - 2 \cdot {p}",
    "padded": r"\lfloor (n + 2 \cdot {p} - {k}) / {s} \rfloor + 1",
}
STRIDED = r"\lfloor (n - {k}) / {s} \rfloor + 1"
VALID = "n - {k} + 1"
CUT = "then a border {p} wide is cut off on all sides of its output (padding {p})"
UNCUT = "nothing is cut off its output (padding 0)"

SAID = {
    "collapsed": "A window of one place does not shrink the image: it is applied at every place.",
    "shrunk": "You shrank the image by the window; with 'same' padding only the stride makes it smaller.",
    "no_stride": "You left the stride out.",
    "rounded_down": "You dropped the last places; 'same' padding has an output for them as well: round up.",
    "as_convolution": "You computed the size of a convolution; the transposed one goes the other way, and enlarges.",
    "multiple": "You multiplied by the stride alone; the last window sticks out, and the border is cut off.",
    "no_minus_one": "Between n places there are n − 1 strides.",
    "padding_added": "You added the border; here it is cut off.",
    "no_plus_one": "You left out the + 1: the first position counts as well.",
    "rounded_up": "You counted a window that hangs over the edge: round down.",
    "kept": "You treated it as padded; without padding the window takes something away at the edges.",
    "padding_once": "Zeros stand on both sides, so the padding counts twice.",
    "no_padding": "You left the padding out.",
    "channels_kept": "The output has a channel for every filter, however many channels come in.",
    "no_channels": "You left the input channels out; a filter reaches through all of them.",
    "biases": "You counted biases; these layers have none.",
    "no_biases": "You left out the biases: one for each filter.",
    "one_channel": "You counted the places of one channel only; all channels are read.",
    "line": "You counted a window along one axis only.",
    "flat": "You counted a flat window; here it has a depth as well.",
    "unshared": "You counted the weights anew for every place; a convolution shares them.",
    "shared": "These are the weights at one place; without sharing every place has its own.",
    "last_only": "You gave those of the last layer with weights.",
}
