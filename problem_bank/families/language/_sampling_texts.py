"""What the exercise on temperature, top-k and nucleus sampling says."""

PROMPT = r"""
A language model has a vocabulary of {{ words }} tokens, numbered from 1. For the next token it gives the logits

$$z = {{ logits }}$$

(natural logarithms). With the temperature $T$, the token is sampled from $\mathrm{softmax}(z / T)$; here
$T = {{ T }}$. Probabilities that a filter leaves are **normalised again**, so that they sum to 1; all others become 0.

{% if "top_k" in ask or "both" in ask %}
- **Top-$k$** keeps the $k$ most likely tokens; here $k = {{ k }}$.
{% endif %}
{% if "nucleus" in ask or "both" in ask %}
- **Top-$p$** (the nucleus) keeps the most likely tokens, as few as possible, whose probabilities add up to **at least**
${{ P | decimal }}$.
{% endif %}

Temperature comes before any filter. Write every distribution over all {{ words }} tokens, in their order, with
fractions or at least 4 significant digits.
""".strip()

SOLUTION = r"""
**Temperature.** $e^{\ln a / T} = a^{1/T}$: with $T = {{ T }}$ the weights of the tokens are
{% if T == 2 %}the square roots{% elif T < 1 %}the squares{% else %}the powers{% endif %}, ${{ powers }}$.
Over their sum, ${{ powers | sum | decimal(5) }}$, they are $p = {{ keys.tempered }}$.

{% if "top_k" in keys %}
**Top-$k$.** The {{ k }} most likely tokens are number {{ top | join(", ") }}. Their probabilities over their sum are
${{ keys.top_k }}$.

{% endif %}
{% if "nucleus" in keys %}
**Top-$p$.** From the most likely token down, the running sums are
{% for s in sums %}{% if loop.index <= kept | length %}${{ s }}$
{{- ", " if loop.index < kept | length else "" }}{% endif %}{% endfor %}; the last one is the first to reach
${{ P | decimal }}$. So the tokens {{ kept | join(", ") }} stay, over their sum: ${{ keys.nucleus }}$.

{% endif %}
{% if "both" in keys %}
**Both.** Top-$k$ keeps the tokens {{ top | join(", ") }} and makes of them ${{ shortened }}$. The nucleus of this
distribution, normalised again, is ${{ keys.both }}$.

{% endif %}
{% if "temperature" in keys %}
**The asked temperature.** The two are $({{ best }} / {{ second }})^{1/T}$ to 1. This is ${{ r }}$ where
$\ln({{ odds }}) / T = \ln {{ r }}$, so $T = \ln({{ odds }}) / \ln {{ r }} = {{ keys.temperature }}$.

{% endif %}
""".strip()

ASK = {
    "tempered": "The distribution at this temperature.",
    "top_k": "The distribution at this temperature after top-$k$.",
    "nucleus": "The distribution at this temperature after top-$p$ (without top-$k$).",
    "both": "The distribution at this temperature after top-$k$ and then, on what top-$k$ has normalised, top-$p$.",
    "temperature": "At which other temperature would the most likely token be ${{ r }}$ times as likely as the second?",
}

SAID = {
    "multiplied": "You multiplied the logits by T. They are divided: a high temperature makes tokens more alike.",
    "no_temperature": "That is the softmax at temperature 1.",
    "probabilities_divided": "You divided the probabilities by T; the logits are divided, before the softmax.",
    "not_normalised": "These are the exponentials; divide them by their sum.",
    "not_renormalised": "You kept the right tokens, but their probabilities no longer sum to 1. Normalise them again.",
    "by_place": "You kept the tokens that are listed first. What counts is the rank by probability.",
    "least": "You kept the least likely tokens; sampling cuts the tail, not the head.",
    "one_more": "You kept one token too many.",
    "below": "You stopped before the sum reached the threshold. The token that crosses it belongs to the nucleus.",
    "before_temperature": "You chose the nucleus at temperature 1. The temperature comes first and changes the sums.",
    "nucleus_of_all": "You took the nucleus of all tokens. Here top-k is first, and what it leaves is normalised.",
    "top_k_only": "That is top-k alone; what it leaves has a nucleus of its own.",
    "inverse": "Your fraction is upside down. Flatter than now means a higher temperature.",
    "no_logarithms": "Temperature acts on logits: the logarithms of the two ratios are in proportion.",
    "odds": "That is how much more likely the first token is at temperature 1.",
}
