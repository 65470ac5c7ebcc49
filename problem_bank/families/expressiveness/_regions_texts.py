"""What the exercise on linear regions says."""

PROMPT = r"""
A ReLU unit is linear on each side of the hyperplane where its sum is 0. The hyperplanes of all units of a hidden layer
cut the input space into **regions**; on each of them the network is linear.
{% if "points" in ask %}

A layer on two inputs $(x, y)$ has {{ lines | length }} units, whose sums are 0 on these lines:
{% for line in equations %}

- unit {{ loop.index }}: ${{ line }} = 0$
{% endfor %}
{% endif %}
""".strip()

SOLUTION = r"""
{% if "line" in ask %}
**On a line**, each of {{ units }} points cuts one piece into two: ${{ units }} + 1 = {{ keys.line }}$.

{% endif %}
{% if "plane" in ask %}
**In the plane**, each new line can cross all {{ units_plane - 1 }} others, and gives one region more than it meets
crossings: $1 + {{ units_plane }} + \binom{ {{- units_plane -}} }{2} = {{ keys.plane }}$.

{% endif %}
{% if "space" in ask %}
**In {{ dimension }} dimensions**, $\sum_{j=0}^{ {{- dimension -}} } \binom{ {{- units_space -}} }{j} {# -#}
= {{ terms | join(" + ") }} = {{ keys.space }}$, far fewer than the $2^{ {{- units_space -}} }$ patterns of on and off.

{% endif %}
{% if "points" in ask %}
**The given lines.** They meet in {{ crossings | length }} points:
{% for point, through in crossings %}

- units {{ through | join(", ") }} in ${{ point }}$
{%- endfor %}


Parallel lines never meet, and where three lines meet there is one point, not three. Each line brings one region for
itself, and a point of $m$ lines brings $m - 1$ more. So $1 + {{ lines | length }} + {{ extra }} = {{ keys.drawn }}$.

{% endif %}
{% if "deep" in ask %}
**Depth.** Each layer folds the interval, so the pieces multiply: ${{ teeth }}^{ {{- layers -}} } = {{ keys.deep }}$.
{% endif %}
""".strip()

ASKED = {
    "line": "Into how many regions can {{ units }} units cut a **single** input at most?",
    "plane": "Into how many regions can {{ units_plane }} units cut the plane of **two** inputs at most?",
    "space": "Into how many regions can {{ units_space }} units cut the space of **{{ dimension }}** inputs at most?",
    "points": "In how many points do **exactly two** of the given lines meet, and in how many **three or more**? "
    "Answer `[two, more]`.",
    "drawn": "Into how many regions do the given units cut the plane?",
    "deep": "Another network has one input. Each of its {{ layers }} hidden layers maps the interval $[0, 1]$ onto "
    "itself by a zig-zag with {{ teeth }} linear pieces, each of which covers all of $[0, 1]$. How many linear "
    "pieces has the whole network?",
}

SAID = {
    "one_less": "You counted the cuts; there is one piece more than cuts.",
    "doubled": "You doubled for each unit as if it cut every region; it only cuts those that it meets.",
    "patterns": "You counted all patterns of on and off; most of them occur nowhere.",
    "no_crossings": "You left out what the crossings add.",
    "one_missing": "You left out the region that is there before the first cut.",
    "too_deep": "You used one dimension too many: the sum ends at the number of inputs.",
    "last_term": "You took the last term of the sum only; fewer crossings give regions as well.",
    "pairs": "You counted pairs of lines; parallel ones never meet, and some pairs share a point.",
    "all_two": "Where three lines meet there is one point, not three; it belongs to the second number.",
    "swapped": "You swapped the two numbers.",
    "general": "You counted as if all lines met in different points; look for parallel ones and for common points.",
    "added": "You added the pieces of the layers; every piece of one layer runs through all pieces of the next.",
    "one_layer_less": "You counted one layer less.",
    "base_and_exponent": "You swapped base and exponent.",
}
