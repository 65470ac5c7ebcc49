"""What the exercise on schedules says: the question, the worked solution, and a line on every misconception."""

PROMPT = r"""
A training starts with the learning rate $\epsilon_0 = {{ start | decimal }}$. An epoch has {{ batches }} updates.
Epochs, updates, and the updates within an epoch are all counted from $0$. Which learning rate does each of these
schedules, on its own, give to **update $k = {{ at.k }}$**? Answer exactly, or to at least 4 significant digits.

{% for line in schedules %}
- {{ line }}
{% endfor %}
""".strip()

SOLUTION = r"""
Update ${{ at.k }}$ belongs to epoch $\lfloor {{ at.k }} / {{ batches }} \rfloor = {{ at.epoch }}$, and is update
${{ at.k }} - {{ at.epoch }} \cdot {{ batches }} = {{ at.k - at.epoch * batches }}$ of it.

{% for line in worked %}
- {{ line }}
{% endfor %}
""".strip()

SCHEDULES = {
    "step": "**Step decay**: the rate is multiplied by ${gamma}$ each time {every} more epochs are complete, and is "
    "constant in between.",
    "exponential": r"**Exponential decay**: every complete epoch multiplies the rate by ${decay}$.",
    "linear": r"**Linear decay**: along a straight line from $\epsilon_0$ in update $0$ to $\epsilon_\tau = {end}$ in "
    r"update $\tau = {tau}$, and constant from there on.",
    "cosine": r"**Cosine decay**: along half a wave of the cosine from $\epsilon_0$ in update $0$ down to "
    r"$\epsilon_T = {least}$ in update $T = {period}$.",
    "warm": r"**Warm-up, then cosine decay**: the first {warm} updates, $j = 0, \dots, {last}$, rise linearly: "
    r"$\epsilon_j = \epsilon_0 \cdot (j + 1) / {warm}$. From update {warm} on, half a wave of the cosine leads from "
    r"$\epsilon_0$ down to ${least}$, which is reached {period} updates later.",
}

SAID = {
    "from_one": "You counted from 1; here the first epoch is epoch 0.",
    "to_come": "You counted the updates that are still to come in this epoch; its place is what lies behind.",
    "no_floor": "Between two reductions the rate stays constant: round the number of reductions down.",
    "per_epoch": "You reduced the rate after every epoch; it is reduced less often.",
    "one_more": "You reduced the rate once too often: nothing is reduced before the first epochs are complete.",
    "subtracted": "You took the same amount away each time; the rate is multiplied each time.",
    "ends_swapped": "You swapped the ends: the rate begins at ε₀ and falls.",
    "to_zero": "You let the rate fall to zero; it falls to the given last rate, and stays there.",
    "not_held": "You went on along the line; from update τ on the rate stays what it is.",
    "no_half": "The half is missing: 1 + cos runs from 2 to 0.",
    "straight": "That is a straight line; the cosine starts and ends flat.",
    "warm_up_counted": "You counted from update 0; the cosine begins when the warm-up is over.",
    "falling": "The warm-up rises; yours falls.",
    "from_zero": "You began at rate 0; the first update has j = 0, and j + 1 stands in the numerator.",
}
