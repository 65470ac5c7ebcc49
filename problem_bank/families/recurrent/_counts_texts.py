"""What the exercise on counting recurrent parameters says."""

PROMPT = r"""
{{ "Two bidirectional" if directions > 1 else "Two" }} {{ kind }} layers of {{ units }} units
{{- " in each direction" if directions > 1 else "" }}, one on top of the other, read sequences of {{ length }} vectors
with {{ inputs }} entries.
{% if directions > 1 %}
The two directions have weights of their own, and their states are joined before they go on.
{% endif %}
A dense layer with {{ classes }} units, each with one bias, follows on the last state. In a recurrent layer, every gate
and the candidate has weights for the input, weights for the state, and **{{ biases }} bias
{{- " vectors (one with the input and one with the state)" if biases > 1 else " vector" }}**. There are no peepholes.
Count the learned parameters.
""".strip()

SOLUTION = r"""
{{ "An LSTM has 4 blocks: input, forget and output gate, and the candidate" if blocks == 4
   else "A GRU has 3 blocks: reset gate, update gate, and the candidate" }}. Each has {{ units }} rows.
{% if "gates" in keys %}

**Weights for the input:** ${{ blocks }} \cdot {{ units }} \cdot {{ inputs }} = {{ keys.gates }}$.
{% endif %}

**First layer:** {{ directions ~ " directions, each " if directions > 1 else "" -}}
${{ blocks }} \cdot {{ units }} \cdot ({{ inputs }} + {{ units }} + {{ biases }})$ parameters for input, state and
biases: ${{ keys.first }}$. All steps share them.
{% if "second" in keys %}

**Second layer:** its input are the {{ wide }} entries of the first one's state
{{- ", both directions together" if directions > 1 else "" }}:
{{ directions ~ " times " if directions > 1 else "" -}}
${{ blocks }} \cdot {{ units }} \cdot ({{ wide }} + {{ units }} + {{ biases }})$, in all ${{ keys.second }}$.

**Dense layer:** ${{ wide }} \cdot {{ classes }} + {{ classes }} = {{ keys.output }}$.

**Total:** ${{ keys.first }} + {{ keys.second }} + {{ keys.output }} = {{ keys.total }}$.
{% endif %}
""".strip()

ASKED = {
    "gates": "The weights of the first layer that multiply the input, without those for the state and without biases.",
    "first": "All parameters of the first recurrent layer.",
    "second": "All parameters of the second recurrent layer.",
    "output": "The parameters of the dense layer.",
    "total": "The parameters of the whole network.",
}

SAID = {
    "gates": "You mistook the number of blocks: an LSTM has three gates and a candidate, a GRU two and a candidate.",
    "one_block": "You counted a single block; every gate and the candidate has weights of its own.",
    "biases": "You counted another number of bias vectors than the question states.",
    "no_bias": "You left the biases out.",
    "no_recurrence": "You mixed up or left out the weights for the state; they are as wide as the layer itself.",
    "every_step": "You counted the weights anew for every step; all steps share them.",
    "one_direction": "You counted one direction; each has weights of its own.",
    "narrow": "You took one direction's state as the input; the states of both directions are joined.",
    "same_again": "You counted the first layer again; the second one's input are the states of the first.",
    "twice": "You counted the first layer twice; the second has another input.",
    "no_output": "You left the dense layer out.",
}
