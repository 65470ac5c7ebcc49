"""What the exercise on the subnetworks of dropout says."""

PROMPT = r"""
A network has two fully connected hidden layers of {{ widths[0] }} and {{ widths[1] }} units. In training, dropout sets
each of these {{ n }} units to zero with probability $p = {{ p }}$, independently of all others; input and output are
never dropped. Every choice of units that stay is a **subnetwork**; that of all units and that of none count as well.
{% if "exactly" in ask or "alive" in ask %}
Give probabilities to at least 4 significant digits, and exact values elsewhere.
{% else %}
Give exact values.
{% endif %}
""".strip()

SOLUTION = r"""
A unit stays with probability $q = 1 - p = {{ q }}$.

{% for line in lines %}
- {{ line }}
{% endfor %}
""".strip()

LINES = {
    "subnetworks": r"Each unit stays or goes, so there are $2^{{{n}}} = {key}$ subnetworks.",
    "choices": r"$\binom{{{first}}}{{{k}}} = {ways}$ choices in the first layer, each with every choice in the second: "
    r"${ways} \cdot 2^{{{second}}} = {key}$.",
    "active": r"Each unit counts 1 with probability $q$: on average ${n} \cdot q = {key}$ stay.",
    "variance": r"A single unit has the variance $q(1 - q)$, and independent ones add up: "
    r"${n} \cdot q (1 - q) = {key}$.",
    "exactly": r"There are {ways} choices of {k} units, each with probability $q^{{{k}}} p^{{{rest}}}$: "
    r"${ways}\, q^{{{k}}} p^{{{rest}}} = {key}$.",
    "alive": r"A layer is empty with probability $p$ to the power of its width, and the layers are independent: "
    r"$\left(1 - p^{{{first}}}\right) \left(1 - p^{{{second}}}\right) = {key}$.",
    "connected": r"In each layer at least one unit must stay: $(2^{{{first}}} - 1)(2^{{{second}}} - 1) = {key}$.",
}

PART = {
    "subnetworks": "How many subnetworks are there?",
    "choices": "In how many subnetworks do exactly {k} of the {first} units of the first hidden layer stay (and any "
    "units of the second)?",
    "active": "How many hidden units stay on average, in both layers together?",
    "variance": "The variance of the number of hidden units that stay, in both layers together.",
    "exactly": "The probability that exactly {k} of the {first} units of the first hidden layer stay.",
    "alive": "The probability that the input can reach the output: in each hidden layer at least one unit stays.",
    "connected": "In how many of the subnetworks can the input reach the output?",
}

SAID = {
    "square": "You squared the number of units; each unit doubles the number of choices.",
    "doubled": "You multiplied by two; each unit doubles the number of choices, so it is a power of two.",
    "added": "You added up the choices of the layers; each choice of the one goes with each of the other.",
    "one_of_many": "You fixed which units of the first layer stay; count the ways to choose them as well.",
    "first_alone": "You counted the choices of the first layer only; each goes with every choice of the second.",
    "dropped": "You counted the units that are dropped: p is the probability of dropping.",
    "deviation_of_one": "That is the variance for a single unit.",
    "mean": "That is the mean; the variance takes the factor p as well.",
    "one_choice": "That is the probability of one particular choice of units; count how many choices there are.",
    "swapped": "You exchanged the probabilities of staying and of being dropped.",
    "at_least": "That is the probability of so many units or more.",
    "one_layer": "You looked at the first layer only; the second one may be empty as well.",
    "all_stay": "At least one unit has to stay in each layer, not all of them.",
    "one_empty": "You left out only the subnetwork without any unit; it is enough that one layer is empty.",
    "all": "No path is left where a whole layer is dropped.",
}
