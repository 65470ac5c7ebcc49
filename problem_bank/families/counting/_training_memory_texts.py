"""What the exercise on the memory of training says."""

PROMPT = r"""
A network with ${{ millions }}$ million parameters is trained with Adam in **mixed precision**. For every parameter the
device keeps

- the working weight, in {{ low }} bytes, and its gradient, in {{ gradient }} bytes,
- a master copy of the weight in 4 bytes, which Adam updates,
- Adam's two moments, each in {{ moment }} byte{{ "s" if moment > 1 else "" }}.

Master copy and moments together are the *optimiser states*.
{% if "activations" in ask %}
For the backward pass the network of {{ layers }} layers also keeps activations: **{{ kept }} numbers** of {{ low }}
bytes in each layer for each of {{ width }} units of each of {{ tokens }} tokens of each text. A device works on
{{ batch }} texts at a time.
{% endif %}
{% if "first" in ask %}

There are {{ devices }} devices that train together (data parallel). Without more ado, each keeps everything. ZeRO
divides evenly among the devices: in **stage 1** the optimiser states, in **stage 2** the gradients as well, in **stage
3** the working weights as well. Each device still keeps all the activations of its own texts.
{% endif %}

1 GB is $10^9$ bytes. Answer in GB, exactly or to at least 4 significant digits. Nothing else takes memory.
""".strip()

SOLUTION = r"""
With ${{ millions }}$ million parameters, one byte for each of them makes ${{ (millions / 1000) | decimal }}$ GB.

**Weights and gradients:** ${{ (millions / 1000) | decimal }} \cdot ({{ low }} + {{ gradient }}) {# -#}
= {{ keys.working }}$ GB.

**Optimiser states:** a master copy and two moments,
${{ (millions / 1000) | decimal }} \cdot (4 + 2 \cdot {{ moment }}) = {{ keys.optimiser }}$ GB.

**Together:** ${{ keys.working }} + {{ keys.optimiser }} = {{ keys.states }}$ GB.

{% if "activations" in keys %}
**Activations:** ${{ batch }} \cdot {{ tokens }} \cdot {{ width }} \cdot {{ layers }} \cdot {{ kept }} \cdot {# -#}
{{ low }} = {{ keys.activations }} \cdot 10^9$ bytes.

{% endif %}
{% if "total" in keys %}
**In all:** ${{ keys.states }} + {{ keys.activations }} = {{ keys.total }}$ GB.

{% endif %}
{% if "first" in keys %}
**Stage 1:** ${{ keys.working }} + {{ keys.optimiser }} / {{ devices }} = {{ keys.first }}$ GB.

**Stage 2:** the gradients are ${{ gradients }}$ of the ${{ keys.working }}$ GB:
${{ weights }} + ({{ gradients }} + {{ keys.optimiser }}) / {{ devices }} = {{ keys.second }}$ GB.

**Stage 3:** ${{ keys.states }} / {{ devices }} = {{ keys.third }}$ GB.

**On a device:** ${{ keys.third }} + {{ keys.activations }} = {{ keys.device }}$ GB: activations are never divided here.
{% endif %}
""".strip()

ASK = {
    "working": "The working weights and the gradients together.",
    "optimiser": "The optimiser states.",
    "states": "All that is kept for the parameters: weights, gradients and optimiser states.",
    "activations": "The activations of one device.",
    "total": "Everything that one device keeps without ZeRO.",
    "first": "ZeRO stage 1: what one device keeps of weights, gradients and optimiser states.",
    "second": "The same in stage 2.",
    "third": "The same in stage 3.",
    "device": "Everything that one device keeps in stage 3, with its activations.",
}

SAID = {
    "weights_only": "You left the gradients out; there is one for every weight.",
    "full_precision": "You took 4 bytes for each number. Weights and gradients have the widths that are given.",
    "gibibytes": "You divided by 1024 three times; here 1 GB is 10⁹ bytes.",
    "no_master": "You forgot the master copy, in which the small updates add up.",
    "one_moment": "You counted one moment; Adam keeps two, of the gradient and of its square.",
    "master_only": "You forgot Adam's moments.",
    "no_optimiser": "You forgot the optimiser states, the largest share of all.",
    "no_gradients": "You forgot the gradients.",
    "one_text": "You counted one text; the activations of the whole batch are kept.",
    "one_layer": "You counted one layer; each keeps its activations until the backward pass.",
    "numbers": "You counted numbers; each takes several bytes.",
    "once": "You counted one number for each unit of a layer; read how many are kept.",
    "no_activations": "You left the activations out.",
    "nothing_divided": "In this stage something is divided among the devices; you divided nothing.",
    "everything_divided": "You divided everything; this stage divides only a part.",
    "one_stage_less": "That is the stage before.",
    "optimiser_gone": "You left the optimiser states out; every device keeps its share of them.",
    "multiplied": "You multiplied by the number of devices; what is kept in common is divided.",
    "weights_kept": "That is stage 2. In stage 3 the working weights are divided as well.",
    "activations_divided": "You divided the activations, too. They belong to the own texts of the device.",
    "not_divided": "You took the weights, gradients and states undivided.",
}
