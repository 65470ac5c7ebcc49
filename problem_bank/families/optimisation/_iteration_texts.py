"""What the exercise on iterations says: the question, the worked solution, and a line on every misconception."""

PROMPT = r"""
A network is trained on {{ samples }} samples for {{ epochs }} epochs, in mini-batches of {{ size }}. Each epoch
shuffles all samples and goes through them once.
{%- if keep_last %}
 The last, smaller batch of an epoch is **used** like any other.
{%- else %}
 What is left for the last batch, smaller than the others, is **dropped** in each epoch.
{%- endif %}
{%- if accumulate > 1 %}
 The gradients of {{ accumulate }} batches are **accumulated** for one update. The count starts anew in each epoch,
and the batches that are left at its end, fewer than {{ accumulate }}, make one more update.
{%- else %}
 Each batch makes one update.
{%- endif %}
{%- if "drops" in ask %}
 After every {{ every }} updates the learning rate is divided by 10.
{% endif %}
""".strip()

PART = {
    "batches": "How many batches does the network see in one epoch?",
    "last": "How many samples are in the last batch, or left over for it, at the end of an epoch?",
    "effective": "From how many samples does a full update take its gradient?",
    "updates": "How many updates are made in one epoch?",
    "total": "How many updates are made in the whole training?",
    "seen": "How many samples have gone through the network in the whole training, counted as often as they were used?",
    "drops": "How often has the learning rate been divided, once the training is over?",
}

LINES = {
    "batches": r"- ${{ samples }} / {{ size }}$ is ${{ count.full }}$ with a rest of ${{ count.rest }}$ samples, so "
    r"there are "
    r"${{ keys.batches }}$ batches in an epoch.",
    "last": r"- ${{ samples }} = {{ count.full }} \cdot {{ size }} + {{ keys.last }}$, so ${{ keys.last }}$ samples "
    r"are left.",
    "effective": r"- A full update gathers ${{ accumulate }} \cdot {{ size }} = {{ keys.effective }}$ samples.",
    "updates": r"- {% if accumulate > 1 %}${{ count.batches }} / {{ accumulate }}$, rounded up: ${{ keys.updates }}$ "
    r"updates "
    r"in an epoch{% else %}An epoch has ${{ count.full }}$ full batches{{ ', and the smaller one' if keep_last else "
    r"'' }}: "
    r"${{ keys.updates }}$ updates{% endif %}.",
    "total": r"- All epochs end alike: ${{ epochs }} \cdot {{ keys.updates }} = {{ keys.total }}$ updates in all.",
    "seen": r"- {% if keep_last %}Every epoch uses all samples: ${{ epochs }} \cdot {{ samples }} = {{ keys.seen }}$"
    r"{% else %}Every epoch uses the full batches alone: ${{ epochs }} \cdot {{ count.full }} \cdot {{ size }} = "
    r"{{ keys.seen }}${% endif %}.",
    "drops": r"- ${{ keys.total }} / {{ every }}$, rounded down: the learning rate has been divided ${{ keys.drops "
    r"}}$ times.",
}

SAID = {
    "rounded_down": "The smaller batch at the end is used as well, so the number of batches is rounded up.",
    "rounded_up": "The smaller batch at the end is dropped, so the number of batches is rounded down.",
    "per_sample": "You counted one for every sample; a whole batch goes through the network at once.",
    "batch_size": "That is the size of a batch, not how many of them there are.",
    "whole_size": "That is a full batch; the last one holds what the full ones leave over.",
    "missing": "That is what the last batch lacks to be full; asked is what it holds.",
    "not_accumulated": "You took one batch for an update; here several batches share one.",
    "data_set": "An update does not wait for the whole data set; it takes the batches that are accumulated for it.",
    "rest_lost": "The batches that are left at the end of an epoch make one more update; round up.",
    "ungrouped": "That is the number of batches; several of them share one update.",
    "multiplied": "Accumulating makes updates rarer: divide the number of batches.",
    "epochs_forgotten": "That is one epoch; the training has several.",
    "unbroken": "You went through all epochs without a break; each epoch ends with a smaller batch of its own.",
    "samples_counted": "You counted samples; an update takes a whole batch of them, or several.",
    "rest_dropped": "You left the smaller batches out; here they are used.",
    "rest_counted": "You counted the samples that are dropped at the end of every epoch.",
    "once": "That is one epoch; a sample counts each time it is used.",
    "all_full": "You took the last batch of an epoch for a full one.",
    "one_more": "Nothing is divided before an interval is complete: round down.",
    "per_epoch": "You stayed within one epoch; the count of updates runs on through the whole training.",
}
