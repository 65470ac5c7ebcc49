"""What the exercise on confusion matrices says."""

PROMPT = r"""
A classifier is tried on {{ total }} samples; class "positive" is what it looks for:

| | predicted positive | predicted negative |
|---|---|---|
| **really positive** | {{ tp }} | {{ fn }} |
| **really negative** | {{ fp }} | {{ tn }} |
{% if "iou" in ask %}

A detector draws boxes. A box is given by its corners $(x_1, y_1, x_2, y_2)$ with $x_1 < x_2$ and $y_1 < y_2$; the real
box is $R = {{ real }}$, the predicted one $P = {{ predicted }}$. Lengths are differences of coordinates.
{% endif %}

All values are exact: write fractions.
""".strip()

SOLUTION = r"""
- **Accuracy**: right ones among all, $\frac{ {{- tp }} + {{ tn -}} }{ {{- total -}} } = {{ keys.accuracy }}$.
- **Precision**: real ones among the predicted, $\frac{ {{- tp -}} }{ {{- tp }} + {{ fp -}} } = {{ keys.precision }}$.
- **Recall**: found ones among the real, $\frac{ {{- tp -}} }{ {{- tp }} + {{ fn -}} } = {{ keys.recall }}$.
{% if "f1" in keys %}
- **F1**: the harmonic mean of the two,
$\frac{2 \cdot {{ tp -}} }{2 \cdot {{ tp }} + {{ fp }} + {{ fn -}} } = {{ keys.f1 }}$.
{% endif %}
{% if "iou" in keys %}
- **Intersection over union**: the areas are ${{ areas[0] }}$ and ${{ areas[1] }}$, the shared one is ${{ overlap }}$.
The union counts it once: $\frac{ {{- overlap -}} }{ {{- areas[0] }} + {{ areas[1] }} - {{ overlap -}} } {# -#}
= {{ keys.iou }}$.
{% endif %}
""".strip()

ASKED = {
    "accuracy": "The accuracy.",
    "precision": "The precision.",
    "recall": "The recall.",
    "f1": "The F1 score.",
    "iou": "The intersection over union of the two boxes.",
}

SAID = {
    "error_rate": "That is the share of errors; the accuracy is the share of right answers.",
    "positives_only": "You left out the negatives that were recognised; they are right as well.",
    "recall": "That is the recall: its denominator are the real positives. Precision divides by the predicted ones.",
    "precision": "That is the precision: its denominator are the predicted positives. Recall divides by the real ones.",
    "of_all": "You divided by all samples.",
    "specificity": "You looked at the negatives; recall is about the positives.",
    "arithmetic": "You took the arithmetic mean; F1 is the harmonic one.",
    "product": "You left out the factor 2 of the harmonic mean.",
    "accuracy": "That is the accuracy; F1 does not look at the recognised negatives.",
    "overlap_twice": "You counted the shared part twice; the union is the sum of the areas less the shared part.",
    "of_real": "You divided by the real box only; divide by the union.",
    "pixels": "You counted pixels with both ends; here lengths are differences of coordinates.",
}
