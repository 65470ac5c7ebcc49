"""What the exercise on perplexity says."""

PROMPT = r"""
{% if tokens == "table" %}
A bigram model knows three words. Row $u$ and column $v$ of this table hold $P(v \mid u)$, the probability that $v$
follows right after $u$:

| | {% for word in words %}{{ word }} | {% endfor %}

|---|---|---|---|---|
{% for row in rows %}
| **after {{ words[loop.index0] }}** | {% for v in row %}{{ v }} | {% endfor %}

{% endfor %}

The text is **{{ said | join(" ") }}** and then it ends. Its first word is given, so it has {{ q | length }} tokens to
predict: the other words in their order, and ⟨end⟩ as a token like any other.
{% else %}
A language model reads a text of {{ q | length }} tokens. It had given each of them, after all the
tokens before it, these probabilities $p_1, \dots, p_{{ q | length }}$:

$$p = {{ q }}.$$
{% endif %}

{% if tokens == "halvings" %}
All logarithms have **base 2** here, so the unit is the bit.
{% else %}
$\ln$ is the **natural** logarithm; the unit of the cross-entropy is the nat unless bits are named.
{% endif %}
"Per token" means the mean over the {{ q | length }} predicted tokens. Give at least 4 significant digits.
""".strip()

SOLUTION = r"""
{% if tokens == "table" %}
**Probabilities.** Each word is looked up in the row of the word before it; the last row is that of
"{{ said[-1] }}", whose text ends: $p = {{ q }}$.

{% endif %}
{% set log = "\\log_2" if tokens == "halvings" else "\\ln" %}
{% if "surprisals" in keys %}
**Surprisals.** How often 1/2 is multiplied with itself to make the probability: ${{ keys.surprisals }}$.

{% endif %}
**Log-likelihood.** The probability of the text is the product, its logarithm the sum:
${% for v in q %}{{ " + " if not loop.first else "" }}{{ log }} {{ v }}{% endfor %} = {{ keys.log_likelihood }}$.

**Cross-entropy.** Minus the mean of the logarithms: $-({{ keys.log_likelihood }}) / {{ q | length }} = {# -#}
{{ keys.cross_entropy }}$ {{ "bits" if tokens == "halvings" else "nats" }} per token.

{% if "bits" in keys %}
**Bits.** $\log_2 x = \ln x / \ln 2$, so it is ${{ keys.cross_entropy }} / 0.6931 = {{ keys.bits }}$ bits per
token.

{% endif %}
**Perplexity.** The base of the logarithm to the power of the cross-entropy:
{% if tokens == "halvings" %}
$2^{ {{- keys.cross_entropy -}} } = {{ keys.perplexity }}$.
{% else %}
$e^{ {{- keys.cross_entropy -}} } = {{ keys.perplexity }}$ (and $2^{ {{- keys.bits -}} }$ is the same).
{% endif %}
The model is as unsure as if it had to choose evenly among so many tokens each time.
""".strip()

PROBABILITIES = "The probabilities of the predicted tokens, in the order of the text."

ASK_BITS = {
    "surprisals": r"The surprisals of the tokens, $-\log_2 p_t$, in the order of the text.",
    "log_likelihood": r"The log-likelihood of the whole text, $\log_2 P(\text{text})$.",
    "cross_entropy": "The cross-entropy in bits per token.",
    "perplexity": "The perplexity per token.",
}

ASK_NATS = {
    "log_likelihood": r"The log-likelihood of the whole text, $\ln P(\text{text})$"
    "{% if tokens == 'table' %}, its first word given{% endif %}.",
    "cross_entropy": "The cross-entropy in nats per token.",
    "bits": "The same cross-entropy in bits per token.",
    "perplexity": "The perplexity per token.",
}

SAID = {
    "columns": "You looked up the columns: the row is the word before, the column the word that follows.",
    "likeliest": "You took the largest of each row. What counts is the word that really follows, however unlikely.",
    "no_end": "The end of the text is a token, too: the model has to predict it.",
    "base": "You took the other base of the logarithm; read which one is asked for.",
    "sign": "The sign is turned: logarithms of probabilities are negative, and a cross-entropy is minus their mean.",
    "arithmetic": "You averaged the probabilities and took the logarithm then. Take the logarithms first.",
    "reciprocals": "These are the reciprocals; their logarithms are asked for.",
    "product": "That is the probability of the text; its logarithm is asked for.",
    "summed": "You gave the sum over the text; per token means divided by the number of tokens.",
    "probability": "You averaged the missing probabilities; the cross-entropy averages logarithms.",
    "multiplied": "A bit is less than a nat, so there are more bits than nats: divide by ln 2.",
    "base_ten": "You changed to base 10; bits have base 2.",
    "log_of_entropy": "You took another logarithm. A change of base only divides by a constant.",
    "wrong_base": "The base of the power has to be that of the logarithm: e for nats, 2 for bits.",
    "of_bits": "You raised e to the bits; to bits belongs a power of 2.",
    "reciprocal": "That is the geometric mean of the probabilities; the perplexity is one over it, at least 1.",
    "not_divided": "You took the power of the sum over the text; the perplexity is that of the mean per token.",
    "mean_of_reciprocals": "You averaged the reciprocals; the perplexity is one over the geometric mean.",
}
