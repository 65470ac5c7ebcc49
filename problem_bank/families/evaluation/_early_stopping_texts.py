"""What the exercise on early stopping says."""

PROMPT = r"""
A network is trained with early stopping. After every {{ every }} updates the loss on validation data is measured:

| updates | validation loss | training loss |
|---|---|---|
{% for loss in shown_losses %}
| {{ loop.index * every }} | {{ loss }} | {{ shown_training[loop.index0] }} |
{% endfor %}

A measurement **improves** where its validation loss is lower than the lowest one before
{%- if minimum %} by **more than** {{ minimum }} (later ones are compared with the last loss that improved){% endif %};
the first one improves. Training stops as soon as {{ patience }} measurements in a row have not improved (patience
{{ patience }}, that is {{ patience * every }} updates), and the weights of the last improvement are kept. The table
shows what would be measured without stopping.
{% if "folds" in ask %}

Before, the learning rate was chosen from {{ settings }} values by {{ folds }}-fold cross-validation on {{ samples }}
samples; then the network is trained once on all {{ samples }} samples.
{% endif %}

Give exact values.
""".strip()

SOLUTION = r"""
{% for line in lines %}
- {{ line }}
{% endfor %}
- Then {{ patience }} measurements in a row do not improve: training stops after {{ keys.stop }} updates.
- The weights after {{ keys.kept }} updates are kept, with the validation loss {{ kept_loss }}.
{% if "gap" in keys %}
- There validation and training loss differ by ${{ keys.gap | decimal }}$.
{% endif %}
{% if "missed" in keys %}
- The lowest validation loss, {{ lowest_loss }}, would come after {{ lowest }} updates: it is lower by
${{ keys.missed | decimal }}$.
{% endif %}
{% if "needed" in keys %}
- On the way there, the longest stretch from one improvement to the next has {{ keys.needed }} updates: so long must the
patience be.
{% endif %}
{% if "folds" in keys %}
- A training in cross-validation leaves one fold out:
${{ samples }} - {{ samples }} / {{ folds }} = {{ keys.folds }}$ samples. Each learning rate is tried once for each
fold, and then comes the last training: ${{ settings }} \cdot {{ folds }} + 1 = {{ keys.runs }}$ in all.
{% endif %}
""".strip()

PART = {
    "stop": "After how many updates does training stop?",
    "kept": "The weights after how many updates are kept?",
    "gap": "By how much is the validation loss above the training loss there, at the weights that are kept?",
    "missed": "How much lower than the validation loss that is kept is the lowest one of the whole table?",
    "needed": "The smallest patience, in updates (a multiple of {{ every }}), with which training reaches the lowest "
    "validation loss of the table.",
    "folds": "On how many samples is the network trained in each round of the cross-validation?",
    "runs": "How many trainings are there in all, with the last one?",
}

SAID = {
    "first_rise": "You stopped at the first measurement that does not improve; patience allows a few of them.",
    "to_previous": "You compared each loss with the one before it; compare it with the best one so far.",
    "one_late": "You waited for one measurement too many: training stops with the one that fills the patience.",
    "no_minimum": "You counted every decrease; here an improvement must be larger than the given amount.",
    "lowest": "You looked beyond the stop: so far the training never comes.",
    "stopping": "That is where training stops; the weights of the last improvement are kept.",
    "at_stop": "You took the losses where training stops; the weights that are kept are older.",
    "sign": "The sign is turned round.",
    "loss_itself": "That is the loss itself; the difference of two losses is asked for.",
    "one_less": "With this patience training stops just before; the next improvement must come with the last "
    "measurement that it allows, or before.",
    "one_fold": "That is the size of one fold, on which is measured; training uses the others.",
    "all": "You counted all samples; one fold is left out in each round.",
    "no_last": "You forgot the last training on all samples.",
    "folds_only": "Each learning rate has a cross-validation of its own: multiply.",
}
