"""What the exercise on normalising flows says."""

PROMPT = r"""
A normalising flow turns a code $z = (z_1, z_2)$ of two independent standard normal variables into an example
{% if layers == 1 %}
$x$ by one affine coupling layer:

$$x_1 = z_1, \qquad x_2 = z_2 \, e^{s(z_1)} + t(z_1) \qquad\text{with}\qquad s(v) = {{ scales[0] }}, \quad {# -#}
t(v) = {{ shifts[0] }}.$$

{% else %}
$x$ by two affine coupling layers, of which the second changes the other entry:

$$u_1 = z_1, \qquad u_2 = z_2 \, e^{s(z_1)} + t(z_1) \qquad\text{with}\qquad s(v) = {{ scales[0] }}, \quad {# -#}
t(v) = {{ shifts[0] }},$$

$$x_2 = u_2, \qquad x_1 = u_1 \, e^{s'(u_2)} + t'(u_2) \qquad\text{with}\qquad s'(v) = {{ scales[1] }}, \quad {# -#}
t'(v) = {{ shifts[1] }}.$$

{% endif %}
{% if task == "forward" %}
The code is $z = {{ z }}$.
{% else %}
The example is $x = {{ x }}$.
{% endif %}
Logarithms are natural ones. Give exact values, or at least 4 significant digits.
""".strip()

ASKED = {
    "x": "The example $x$.",
    "u": "What the second layer was given: $u$.",
    "z": "The code $z$ that $x$ comes from.",
    "logdet": r"The logarithm $\ln \lvert \det \frac{\partial x}{\partial z} \rvert$ of the whole map from $z$ to $x$.",
    "logp": r"The log-density $\ln p(x)$ of this example under the flow.",
}

SOLUTION = r"""
{% if task == "forward" %}
**Forward.** The first entry is kept, $x_1 = {{ z[0] }}$. It gives $e^{s} = {{ powers[0] }}$ and
$t = {{ moves[0] }}$, so $x_2 = {{ z[1] }} \cdot {{ powers[0] }} {{ signed[0] }} = {{ x[1] }}$, and $x = {{ x }}$.
{% else %}
{% if layers == 2 %}
**Back through the second layer.** It kept the second entry, $u_2 = x_2 = {{ u[1] }}$, which gives
$e^{s'} = {{ powers[1] }}$ and $t' = {{ moves[1] }}$. First the shift is taken away, then the factor:
$u_1 = ({{ x[0] }} {{ taken[1] }}) / {{ powers[1] }} = {{ u[0] }}$.

**Back through the first layer.** It kept the first entry, $z_1 = u_1 = {{ u[0] }}$: $e^{s} = {{ powers[0] }}$,
$t = {{ moves[0] }}$, and $z_2 = ({{ u[1] }} {{ taken[0] }}) / {{ powers[0] }} = {{ z[1] }}$.
{% else %}
**Back.** The first entry was kept, $z_1 = x_1 = {{ z[0] }}$, which gives $e^{s} = {{ powers[0] }}$ and
$t = {{ moves[0] }}$. First the shift is taken away, then the factor:
$z_2 = ({{ x[1] }} {{ taken[0] }}) / {{ powers[0] }} = {{ z[1] }}$.
{% endif %}
{% endif %}

**Determinant.** The Jacobian of a coupling layer is triangular, with 1 and $e^{s}$ on its diagonal, whatever the shift.
{% if layers == 2 %}
The determinants of the layers are multiplied, so their logarithms add up:
$s + s' = \ln {{ powers[0] }} + \ln {{ powers[1] }} = {{ logdet | decimal(5) }}$.
{% else %}
Its logarithm is $s = \ln {{ powers[0] }} = {{ logdet | decimal(5) }}$.
{% endif %}

**Density.** The code has $\ln p(z) = -\frac12 (z_1^2 + z_2^2) - \ln 2\pi = {{ base | decimal(5) }}$ (two times
$\frac12 \ln 2\pi$). Where the map stretches, the density becomes thinner, so the logarithm is subtracted:
$\ln p(x) = {{ base | decimal(5) }} {{ "-" if logdet > 0 else "+" }} {{ (logdet | abs) | decimal(5) }} {# -#}
= {{ logp | decimal(5) }}$.
""".strip()

SAID = {
    "no_exp": "You multiplied by s; the layer multiplies by e^s.",
    "shift_scaled": "You scaled the shift as well; it is added after the scaling.",
    "minus_shift": "You subtracted the shift; on the way from the code to the example it is added.",
    "backwards": "You ran the layer backwards: the code is given here.",
    "forwards": "You ran the layer forwards; the example is given, and the code is what it came from.",
    "scale_first": "You divided before taking the shift away. Undo the last operation first.",
    "not_inverted": "You multiplied by e^s again; undoing it divides.",
    "shift_added": "You added the shift again; undoing it subtracts.",
    "sign": "The sign is turned: that belongs to the map from the example to the code.",
    "determinant": "That is the determinant itself; its logarithm is asked for.",
    "every_entry": "You counted s for both entries; the kept one has the derivative 1.",
    "shift_counted": "You counted the shift; it moves everything alike and stretches nothing.",
    "one_layer": "You counted one layer only; each of them stretches.",
    "multiplied": "You multiplied the logarithms; determinants are multiplied, so logarithms add up.",
    "added": "You added the log-determinant: where the map stretches, the density gets smaller, not larger.",
    "det_forgotten": "You left the determinant out: p(x) is not the density of the code.",
    "constant_forgotten": "You left the constant of the normal distribution out.",
    "constant_once": "You took the constant ½ ln 2π once; there are two variables.",
    "no_half": "The exponent of a normal density is half of the square.",
    "at_example": "You put the example into the normal density; it is that of the code.",
}
