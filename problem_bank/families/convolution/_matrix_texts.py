"""The texts of convolution.matrix."""

PROMPT = r"""
The kernel $K = {{ W }}$ slides over an image of ${{ sides[0] }} \times {{ sides[1] }}$ pixels **without being flipped**
(cross-correlation), with stride 1, no padding and no bias. Image and output are flattened **row after row**: first
their first row from left to right, then the second, and so on. Then the convolution is one matrix $M$ times the
flattened image.
{% if x %}

The image is $X = {{ x }}$. The matrix $P$ of patches (im2col) has one **column** for each position of the kernel, in
the order of the outputs; a column holds the pixels under the kernel, row after row.
{% endif %}
""".strip()

PART = {
    "row": "Write down the row of $M$ that gives the output in row {{ at[0] }} and column {{ at[1] }} "
    "(counted from 1).",
    "M": "Write down $M$.",
    "counts": r"Now the same kernel slides over a larger image, of ${{ large[0] }} \times {{ large[1] }}$ pixels. "
    "Give four numbers: the rows of its matrix, the columns, the entries that are not zero, and how many different "
    "values these have.",
    "P": "Write down $P$.",
    "Y": "The flattened output is the flattened kernel, as a row, times $P$. Write it down.",
    "stack": r"Another layer slides kernels of ${{ stack[1] }} \times {{ stack[1] }}$, which span all channels, over "
    r"an image of ${{ stack[2] }} \times {{ stack[3] }}$ pixels with {{ stack[0] }} channels, again with stride 1 and "
    "no padding. Which shape has its matrix of patches?",
}

SAID = {
    "flipped": "You flipped the kernel; here it slides as it is printed.",
    "no_gap": "You wrote the rows of the kernel one directly after the other; between them lie the pixels of the image "
    "row that the window does not cover.",
    "weights_alone": "These are the weights alone; a row of M has an entry for every pixel, most of them zero.",
    "turned": "Yours is transposed: look again at what runs down and what runs across.",
    "wrapped": "You moved the weights on by one place in every row, around the end; at the end of an image row the "
    "window jumps to the next one, and it never wraps.",
    "not_shared": "You counted every entry as a weight of its own; the same weights stand in every row.",
    "dense": "You counted all entries; a row is zero wherever the window does not reach.",
    "size_kept": "Without padding there are fewer positions of the kernel than pixels.",
    "side_by_side": "You moved the window by its own size; with stride 1 the patches overlap.",
    "columns_first": "You read images and windows column by column; here everything is flattened row after row.",
    "one_channel": "A patch holds the pixels of all channels under the kernel.",
}

SOLUTION = r"""
The kernel fits ${{ fits[0] }} \cdot {{ fits[1] }}$ times, so $M$ has {{ fits[0] * fits[1] }} rows, one for each
output, and a column for each pixel. A row holds the {{ weight_list | length }} weights where the window
lies{% if W | length > 1 %}; between two rows of the kernel stand ${{ sides[1] }} - {{ W[0] | length }} = {{ gap }}$
zero{{ "s" if gap > 1 else "" }}, for the pixels that the window leaves out{% endif %}. All other entries are zero. The
output in row {{ at[0] }}, column {{ at[1] }} gives
$${{ row }}.$$
{% if "M" in ask %}
All rows together are
$$M = {{ M }}.$$
{% endif %}

On the larger image the kernel fits ${{ places[0] }} \cdot {{ places[1] }} = {{ counts[0] }}$ times, and there are
${{ large[0] }} \cdot {{ large[1] }} = {{ counts[1] }}$ pixels. The matrix is sparse: of its many entries only
${{ counts[0] }} \cdot {{ counts[3] }} = {{ counts[2] }}$ are not zero. And it shares its entries: these have only
{{ counts[3] }} different values, the weights, again and again.
{% if x %}

The patches, each a column, are
$$P = {{ P }},$$
and the flattened kernel ${{ weight_list }}$ times the first column gives ${{ first }} = {{ Y[0] }}$. In all the
output is ${{ Y }}$.
{% endif %}
{% if stack %}

In the other layer a patch holds ${{ stack[0] }} \cdot {{ stack[1] }}^2$ numbers, and the kernel fits
${{ tall[0] }} \cdot {{ tall[1] }}$ times: ${{ stack_shape[0] }} \times {{ stack_shape[1] }}$.
{% endif %}
""".strip()
