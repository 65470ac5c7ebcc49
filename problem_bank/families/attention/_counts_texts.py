"""What the exercises on multi-head attention and on its cache say."""

COUNTS = r"""
A transformer block works with vectors of length $d = {{ d }}$. Its attention has {{ heads }} heads, which divide $d$
evenly among themselves.
{% if grouped %}
There are {{ groups }} heads for keys and values only: {{ heads // groups }} heads of queries share each of them
(grouped-query attention).
{% endif %}
The joined heads pass an output projection $d \to d$. A feed-forward network with one hidden layer follows,
$d \to {{ hidden }} \to d$. All these linear layers have
**{{ "one bias for each output" if biases else "no biases" }}**. There are
two layer norms, each with a scale and a shift for every entry. Count the learned parameters.
""".strip()

COUNTED = r"""
**A head** works with ${{ d }} / {{ heads }} = {{ length }}$ entries.

**Attention.** Queries need a projection $d \to {{ d }}$ for all heads together, keys and values
$d \to {{ kv }}$ each, and the output projection is $d \to d$. That makes
${{ d }} \cdot ({{ d }} + {{ kv }} + {{ kv }} + {{ d }})${{ " weights" }}
{%- if biases %} and ${{ d }} + {{ kv }} + {{ kv }} + {{ d }}$ biases{% endif %}: ${{ keys.attention }}$.
{% if "norms" in keys %}

**Feed-forward network.** $2 \cdot {{ d }} \cdot {{ hidden }}$ weights
{%- if biases %} and ${{ hidden }} + {{ d }}$ biases{% endif %}: ${{ keys.feed_forward }}$.

**Layer norms.** Two of them, with a scale and a shift for each entry: $2 \cdot 2 \cdot {{ d }} = {{ keys.norms }}$.

**The block.** ${{ keys.attention }} + {{ keys.feed_forward }} + {{ keys.norms }} = {{ keys.total }}$.
{% endif %}
""".strip()

ASK_COUNTS = {
    "length": "How many entries has the query of one head?",
    "attention": "Attention: how many parameters have the projections of queries, keys and values and of the output?",
    "feed_forward": "How many parameters has the feed-forward network?",
    "norms": "How many parameters have the two layer norms?",
    "total": "How many parameters has the whole block?",
}

CACHE = r"""
A language model has {{ layers }} layers. In each, attention has {{ heads }} heads of length {{ length }}
{%- if shared > 1 %}, but keys and values only {{ groups }} heads (grouped-query attention: {{ shared }} heads of
queries share one){% endif %}. While it writes, it keeps the keys **and** the values of all tokens so far, at
{{ bytes }} {{ "bytes" if bytes > 1 else "byte" }} a number, for a batch of
{{ batch }} texts. Here 1 KiB is 1024 bytes, and 1 MiB is 1024 KiB. Nothing else is stored.
""".strip()

CACHED = r"""
**One token** leaves a key and a value in every layer:
$2 \cdot {{ layers }} \cdot {{ groups }} \cdot {{ length }} \cdot {{ bytes }} = {{ keys.token }}$ bytes.

**The whole cache** has this for ${{ tokens }}$ tokens in each of {{ batch }} texts:
${{ batch }} \cdot {{ tokens }} \cdot {{ keys.token }} / 1024^2 = {{ keys.cache }}$ MiB.
{% if "products" in keys %}

**The next token** has one new query in each head, which meets {{ tokens }} cached keys: for each text
${{ layers }} \cdot {{ heads }} \cdot {{ tokens }} \cdot {{ length }} = {{ keys.products }}$ products. Queries are not
shared, so all {{ heads }} heads count.
{% endif %}
{% if "longest" in keys %}

**The longest text.** ${{ memory }}$ MiB hold
$\lfloor {{ memory }} \cdot 1024^2 / ({{ batch }} \cdot {{ keys.token }}) \rfloor = {{ keys.longest }}$ tokens of each
text.
{% endif %}
""".strip()

ASK_CACHE = {
    "token": "How many bytes does the cache grow by with one token of one text?",
    "cache": "How many MiB does the cache take when each text has {{ tokens }} tokens? (Exact.)",
    "products": "The next token of one text: how many products of two numbers do its scores $q \\cdot k$ with the "
    "{{ tokens }} cached keys take, over all layers?",
    "longest": "The cache may take {{ memory }} MiB. How many tokens can each text have at most?",
}

SAID = {
    "not_split": "You gave every head the whole length; the heads divide it among themselves.",
    "multiplied": "You multiplied by the number of heads; the length is divided by it.",
    "no_output": "You left the output projection out.",
    "not_divided": "You counted full projections for each head; all heads together have one.",
    "one_head_only": "You counted the projections of a single head.",
    "biases": "You got the biases wrong: read whether there are any. Every output of a linear layer has one, or none.",
    "not_grouped": "You gave every head keys and values of its own; here several heads share them.",
    "one_layer": "You counted one of the two layers; there is one to the hidden width and one back.",
    "not_wider": "You took the hidden layer to be as wide as the input.",
    "scale_only": "You left the shifts out; each entry has a scale and a shift.",
    "one_norm": "You counted one layer norm; there are two.",
    "one_pair": "You counted one scale and shift for each norm; every entry has its own.",
    "no_norms": "You left the layer norms out.",
    "attention_left_out": "You left the attention out.",
    "keys_only": "You stored the keys only; the values are kept as well.",
    "queries_too": "You stored the queries as well; a query is used once, for its own token.",
    "all_heads": "You stored keys and values for every head of queries; here several heads share them.",
    "one_layer_only": "You counted one layer; every layer has a cache of its own.",
    "numbers": "You counted numbers; each takes several bytes.",
    "one_text": "You counted one text; every text of the batch has its own.",
    "megabytes": "You divided by 1000 twice; a MiB is 1024 times 1024 bytes.",
    "bytes": "That is in bytes; MiB are asked for.",
    "shared_queries": "You counted the shared heads; queries are not shared, so every head has its own scores.",
    "recomputed": "You computed the scores of all tokens anew; with the cache, only the new query is missing.",
    "no_length": "You counted the scores; each is a sum of several products.",
    "rounded_up": "You rounded up; then the last token does not fit any more.",
}
