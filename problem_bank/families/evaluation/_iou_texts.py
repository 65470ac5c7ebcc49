"""What the exercises on overlapping boxes say."""

_CORNERS = r"""by its corners $(x_1, y_1, x_2, y_2)$ with $x_1 < x_2$ and $y_1 < y_2$"""

PAIR = rf"""
Two objects have the real boxes $R_1 = {{{{ real[0] }}}}$ and $R_2 = {{{{ real[1] }}}}$, each given
{_CORNERS}. A detector predicts one box,
{{%- if centred %}} which it gives as **centre and size** $(c_x, c_y, w, h)$: $P = {{{{ centre }}}}$.
{{%- else %}} given in the same way: $P = {{{{ predicted }}}}$.
{{%- endif %}} Lengths are differences of coordinates.

Wherever both real boxes are asked about, give two numbers, first that for $R_1$. They are exact: write fractions.
""".strip()

SUPPRESS = rf"""
A detector predicts four boxes, each given {_CORNERS}, with a score. Lengths are differences of coordinates.

| box | corners | score |
|---|---|---|
{{% for box, score in rows %}}
| {{{{ loop.index }}}} | ${{{{ box }}}}$ | {{{{ score | decimal }}}} |
{{% endfor %}}

**Greedy non-maximum suppression** with the threshold ${{{{ threshold }}}}$: of the boxes that are left, keep that with
the highest score, drop all boxes whose intersection over union with it is **larger** than the threshold, and repeat
until no box is left.
""".strip()

PAIR_SOLUTION = r"""
{% if centred %}
**Corners.** Half of the size lies on either side of the centre: $(c_x - w/2,\, c_y - h/2,\, c_x + w/2,\, c_y + h/2)
= {{ keys.corners }}$.

{% endif %}
{{ figure("boxes") }}

{% for r in rows %}
**Box $R_{{ loop.index }}$.** The shared width goes from the larger left to the smaller right border:
$\min({{ r.right }}) - \max({{ r.left }}) = {{ r.width }}$. The same for the height:
$\min({{ r.top }}) - \max({{ r.bottom }}) = {{ r.height }}$.
{% if r.overlap %}
The intersection is ${{ r.width }} \cdot {{ r.height }} = {{ r.overlap }}$.
{% else %}
A negative length means that the boxes do not meet there, so the intersection is 0.
{% endif %}
The areas are ${{ r.areas[0] }}$ and ${{ r.areas[1] }}$. The union counts the shared part once:
${{ r.areas[0] }} + {{ r.areas[1] }} - {{ r.overlap }} = {{ r.union }}$, so the intersection over union is
$\frac{ {{- r.overlap -}} }{ {{- r.union -}} }{% if r.iou.denominator != r.union %} = {{ r.iou }}{% endif %}$.

{% endfor %}
""".strip()

SUPPRESS_SOLUTION = r"""
Box {{ top }} has the highest score and is kept. Its overlap with the others, the shared area over the sum of both areas
less the shared one:

{% for line in lines %}
- box {{ line.box }}: {% if line.shared %}
$\frac{ {{- line.shared -}} }{ {{- line.areas[0] }} + {{ line.areas[1] }} - {{ line.shared -}} } = {{ line.iou }}$
{%- else %}the boxes do not meet, so $0${% endif %}
{{- ", which is above the threshold: dropped" if line.iou > threshold else ", so it stays for now" }}.
{% endfor %}

Go on with what is left, in the order of the scores. A box that was dropped drops no others.

{% for line in later %}
- {{ line }}
{% endfor %}

The scores of the kept boxes are {# -#}
{% for score in kept %}{{ score | decimal }}{{ "." if loop.last else ", " }}{% endfor %}
""".strip()

ASKED = {
    "corners": "The corners $(x_1, y_1, x_2, y_2)$ of $P$.",
    "overlap": "The areas of the intersections of $P$ with $R_1$ and with $R_2$.",
    "union": "The areas of the unions of $P$ with $R_1$ and with $R_2$.",
    "iou": "The intersections over union.",
    "ious": "The intersection over union of the box with the highest score and each of the three others, in the order "
    "of the table. Write fractions.",
    "kept": "The scores of the boxes that are kept, the highest first.",
}

SAID = {
    "as_corners": "You took centre and size for corners. Half of the size lies on either side of the centre.",
    "from_corner": "You took the centre for the first corner; the box reaches half of its size to either side.",
    "full_size": "You went the whole size to either side of the centre; it is half of it.",
    "pixels": "You counted pixels with both ends; here lengths are differences of coordinates.",
    "enclosing": "You took the box around both: swap minimum and maximum. The overlap goes from the larger left "
    "border to the smaller right one.",
    "negative": "Two boxes do not meet: both their shared lengths are negative, and the product of these is positive. "
    "A negative length counts as 0.",
    "overlap_twice": "You counted the shared part twice; the union is the sum of the areas less the shared part.",
    "no_overlap": "You took the shared part away twice; it belongs to the union once.",
    "of_real": "You divided by the area of the real box; divide by that of the union.",
    "of_smaller": "You divided by the smaller area; divide by that of the union.",
    "dropped_drop": "A box that was dropped cannot drop others: compare with the kept boxes alone.",
    "highest_only": "You stopped after the first box. What is left goes through the same steps again.",
    "reversed": "You kept what overlaps much and dropped the rest. Boxes that overlap much show the same object.",
    "table_order": "You went through the boxes as they stand in the table; start with the highest score.",
}
