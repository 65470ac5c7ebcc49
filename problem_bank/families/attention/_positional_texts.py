"""What the exercise on positions says."""

PROMPT = r"""
{% if "p" in ask %}
**Sinusoidal encodings.** With $d = 4$ entries and base ${{ base }}$, position $n$ (counted from **0**) has the encoding
$$ p_n = (\sin \omega_0 n,\, \cos \omega_0 n,\, \sin \omega_1 n,\, \cos \omega_1 n), \qquad {# -#}
\omega_i = {{ base }}^{-2i/d}. $$
{% endif %}
{% if "rq" in ask %}
**Rotary encodings.** A query $q$ at position $m$ is turned **counter-clockwise** by the angle $m \theta$, a key $k$ at
position $n$ by $n \theta$, before their dot product is taken. Here $\theta = {{ theta | decimal }}$, $q = {{ q }}$ at
position $m = {{ m }}$, and $k = {{ k }}$ at position $n = {{ n }}$.

{% endif %}
All angles are in **radians**. Give at least 4 decimal places.
""".strip()

SOLUTION = r"""
{% if "p" in ask %}
The frequencies are $\omega_0 = {{ base }}^0 = 1$ and
$\omega_1 = {{ base }}^{-2/4} = {{ omega | decimal }}$. At position {{ m }} the angles are ${{ m }}$ and
${{ m }} \cdot {{ omega | decimal }} = {{ (m * omega) | decimal }}$, so $p_{ {{- m -}} } = {{ keys.p }}$.
{% endif %}
{% if "dot" in keys %}

**The dot product** takes $\sin a \sin b + \cos a \cos b = \cos(a - b)$ at each frequency, so only the distance
${{ m }} - {{ n }} = {{ m - n }}$ counts:
$\cos({{ m - n }}) + \cos({{ ((m - n) * omega) | decimal }}) = {{ keys.dot | decimal(5) }}$.
{% endif %}
{% if "rq" in keys %}

**Rotation** by $\varphi$ takes $(a, b)$ to $(a \cos \varphi - b \sin \varphi,\, a \sin \varphi + b \cos \varphi)$. The
query is turned by ${{ m }} \cdot {{ theta | decimal }} = {{ (m * theta) | decimal }}$ to ${{ keys.rq }}$, the key by
${{ n }} \cdot {{ theta | decimal }} = {{ (n * theta) | decimal }}$ to ${{ keys.rk }}$.

**The score** is their dot product, ${{ keys.score | decimal(5) }}$. It depends on the distance of the positions alone.
{% endif %}
""".strip()

ASKED = {
    "p": "The encoding of position {{ m }}.",
    "dot": r"The dot product $p_{ {{- m -}} } \cdot p_{ {{- n -}} }$ of the encodings of these positions.",
    "rq": "The turned query.",
    "rk": "The turned key.",
    "score": "The dot product of the turned query and the turned key.",
}

SAID = {
    "degrees": "Your calculator is set to degrees; the angles are in radians.",
    "swapped": "You swapped sine and cosine: in each pair, the sine comes first.",
    "concatenated": "You wrote all sines first; sine and cosine of a frequency stand next to each other.",
    "exponent": "Your second frequency is off: the exponent is 2i/d, so with i = 1 and d = 4 it is −1/2.",
    "from_one": "You counted positions from 1; the first is position 0.",
    "sum": "You added the positions; the dot product depends on their difference.",
    "one_frequency": "You took one frequency only; both add to the dot product.",
    "linear": "The dot product is not the distance: it adds a cosine of it for each frequency.",
    "clockwise": "You turned clockwise; the turn is counter-clockwise.",
    "one_step": "You turned by θ once; the angle is the position times θ.",
    "not_turned": "You took the vectors as they are; turn them by their positions first.",
}
