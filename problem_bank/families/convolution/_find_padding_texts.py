"""What the exercise on finding padding and kernel says."""

PROMPT = r"""
An image has ${{ sides[0] }} \times {{ sides[1] }}$ pixels. Everything here is given as **rows, then columns**: a kernel
of $3 \times 5$ is 3 pixels high and 5 wide, strides $(1, 2)$ move down by 1 and to the right by 2, and a padding of
$(0, 2)$ adds 2 columns of zeros on the left and 2 on the right. Only windows that lie wholly inside the padded image
count.
{% if d > 1 %}
All kernels have **dilation {{ d }}**: neighbouring weights look at pixels {{ d }} apart.
{% endif %}
""".strip()

SOLUTION = r"""
{% macro cover(axis) %}
{{- "(%d \\cdot (%d - 1) + 1)" % (d, axis.k) if d > 1 else axis.k -}}
{% endmacro %}
{% if d > 1 %}
With dilation {{ d }}, a kernel side of $k$ covers ${{ d }} (k - 1) + 1$ pixels.

{% endif %}
**Output.** Each axis on its own:
{% for axis in first %}
$\lfloor ({{ axis.n }} + {{ axis.zeros }} - {{ cover(axis) }}) / {{ axis.s }} \rfloor + 1 = {{ axis.fits }}$
{{- " rows, " if loop.first else " columns." }}
{% endfor %}

{% if "kernel" in keys %}
**Kernel.** $m$ windows take $m - 1$ strides and one window. What the strides leave over is the largest cover:
{% for axis in second %}
${{ axis.n }} - {{ axis.fits - 1 }} \cdot {{ axis.s }} = {{ axis.n - (axis.fits - 1) * axis.s }}$
{{- " rows, " if loop.first else " columns." }}
{% endfor %}
{% if d > 1 %}
Kernels up to ${{ keys.kernel[0] }} \times {{ keys.kernel[1] }}$ cover no more than that.
{% endif %}

{% endif %}
**Padding.** So many pixels are missing, of which half go on each side, rounded up:
{% for axis in third %}
${{ axis.fits - 1 }} \cdot {{ axis.s }} + {{ cover(axis) }} - {{ axis.n }} = {{ axis.missing(axis.fits) }}$
{{- " rows, " if loop.first else " columns," }}
{% endfor %}
so the padding is ${{ keys.padding }}$.

{% if "same" in keys %}
**Same.** There shall be ${{ last[0].blocks }} \times {{ last[1].blocks }}$ outputs, for which there are missing
{% for axis in last %}
${{ axis.blocks - 1 }} \cdot {{ axis.s }} + {{ cover(axis) }} - {{ axis.n }} = {{ axis.missing(axis.blocks) }}$
{{- " rows and " if loop.first else " columns;" }}
{% endfor %}
none where this is below 0. Shared out, with an odd one at the end: ${{ keys.same }}$.
{% endif %}
""".strip()

ASK = {
    "output": r"The kernel ${{ first[0].k }} \times {{ first[1].k }}$ with strides ${{ stride }}$ and padding "
    r"${{ padding }}$: how large is the output?",
    "kernel": r"Without padding and with strides ${{ stride_b }}$, another kernel makes an output of "
    r"${{ second[0].fits }} \times {{ second[1].fits }}$. What is the **largest** kernel that does? (height x width)",
    "padding": r"The kernel ${{ third[0].k }} \times {{ third[1].k }}$ with strides ${{ stride_c }}$ shall make an "
    r"output of ${{ third[0].fits }} \times {{ third[1].fits }}$. What is the **smallest** padding that does? As "
    "`[rows on each side, columns on each side]`.",
    "same": r"'Same' padding for the kernel ${{ last[0].k }} \times {{ last[1].k }}$ with strides ${{ stride_d }}$ is "
    r"to make $\lceil n / s \rceil$ outputs along an axis of $n$, with as few zeros as possible. Where their number is "
    "odd, the last side gets one more. How many are added, as `[top, bottom, left, right]`?",
}

SAID = {
    "swapped": "You swapped rows and columns: rows come first, for kernels, strides and padding alike.",
    "padding_once": "Padding is added on both sides, so it counts twice.",
    "no_plus_one": "You left out the + 1: the first window counts as well.",
    "no_stride": "You left the strides out.",
    "one_stride": "You used the first stride on both axes; each has its own.",
    "no_dilation": "With dilation, a kernel covers more pixels than it has weights.",
    "one_window_more": "You counted as many strides as windows; there is one less.",
    "cover": "That is what the kernel covers; with dilation it has fewer weights than that.",
    "both_sides": "That is the padding of both sides together; give that of one side.",
    "rounded_down": "You rounded down; then one row or column is missing for the last window.",
    "first_side": "The odd one goes to the last side.",
    "stride_one": "You took as many zeros as stride 1 needs. With larger strides the last window may need fewer.",
    "rounded_up": "You rounded up on both sides; only one side gets the odd one.",
}
