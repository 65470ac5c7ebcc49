"""The texts of convolution.transposed."""

PROMPT = r"""
A transposed convolution with kernel $K = {{ w }}$ and stride {{ stride }} spreads the image $X = {{ x }}$ out: for
every entry, it lays the kernel **as it is printed, times that entry** down on an array of zeros. The kernel of
$X_{11}$ begins in the top left corner; a step to the next entry of $X$ moves it on by {{ stride }} place{{ "s" if
stride > 1 else "" }}, to the right or down. Where kernels overlap, they **add up**. The array is just large enough for
all of them.
{% if padding %}

Then padding {{ padding }} cuts off: {{ padding }} row at the top and {{ padding }} column on the left,
{% if extra %}but, because of output padding {{ extra }}, {{ padding - extra }} at the bottom and on the right.
{% else %}and {{ padding }} row at the bottom and {{ padding }} column on the right.
{% endif %}
{% endif %}
""".strip()

PART = {
    "size": "Which shape would the result have for an image of ${{ image[0] }} \\times {{ image[1] }}$ in place of $X$"
    "{% if padding %}, after cutting{% endif %}?",
    "full": "The whole array, before anything is cut off.",
    "Y": "The result $Y${% if padding %}, after cutting{% endif %}.",
}

SAID = {
    "convolution": "This is the size after a convolution, which shrinks an image; its transpose goes the other way.",
    "strided_only": "You gave each entry as many places as the stride; the last kernel reaches as far as its own size.",
    "not_cut": "You left out what is cut off on both sides.",
    "no_extra": "You left the output padding out: it keeps a row and a column that would be cut off.",
    "overwritten": "Where kernels overlap you kept only the last one; their entries add up.",
    "flipped": "You flipped the kernel; here it is laid down as it is printed.",
    "kernel_transposed": "You laid down the transposed kernel; keep its rows as rows.",
    "no_stride": "You moved the kernel on by one place; the stride is larger.",
    "uncut": "You cut nothing off.",
    "cut_once": "Look again at what is cut off at each of the four sides.",
}

SOLUTION = r"""
Along a side with $n$ entries the last kernel begins $(n - 1) \cdot {{ stride }}$ places after the first and covers
{{ k }}{% if padding %}; then $2 \cdot {{ padding }}{{ " - %d" % extra if extra else "" }}$ are cut off{% endif %}:
$$(n - 1) \cdot {{ stride }} + {{ k }}
{%- if padding %} - 2 \cdot {{ padding }}{{ " + %d" % extra if extra else "" }}{% endif %}.$$
For $n = {{ image[0] }}$ and $n = {{ image[1] }}$ this is ${{ size[0] }} \times {{ size[1] }}$.

The first entry of $X$ lays down ${{ x[0][0] }} \cdot K = {{ first }}$ in the top left corner, the second
${{ x[0][1] }} \cdot K = {{ second }}$, {{ stride }} place{{ "s" if stride > 1 else "" }} further to the right, and so
on. Added up, they give

$${{ full }}.$$
{% if padding %}

After cutting,

$$Y = {{ Y }}.$$
{% endif %}
""".strip()
