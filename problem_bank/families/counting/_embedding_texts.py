"""What the exercise on embeddings says: the question, the worked solution, and a line on every misconception."""

PROMPT = r"""
{% if large %}
A language model has a vocabulary of {{ vocabulary }} tokens and texts of at most {{ length }} tokens. Each token has an
embedding of {{ width }} numbers
{%- if "positions" in ask %}, and each position a **learned** embedding of the same width, which is added to
it{% endif %}.
{%- if "output" in ask %}
 At the end a linear layer **with a bias for each token** turns {{ width }} numbers into a score for every token of the
vocabulary; its weight matrix is {{ "**tied**: it is the table of the token embeddings itself" if tied
else "**not tied** to the table of the token embeddings" }}.
{%- endif %}
{% endif %}


{{ "Besides, a small example: the" if large else "The" }} words of a vocabulary of {{ table | length }} have these
embeddings:

| word | embedding |
|---|---|
{% for word, row in entries %}
| {{ word }} | ${{ row }}$ |
{% endfor %}

A text is the **bag** of its words: the mean of their embeddings, in which a word counts as often as it occurs. The text
is "{{ bag }}".
""".strip()

PART = {
    "table": "How many numbers does the table of the token embeddings learn?",
    "positions": "How many numbers do the embeddings of the positions learn?",
    "output": "How many numbers does the last layer learn that are not counted above?",
    "total": "How many numbers do these embeddings and the last layer learn in all?",
    "one_hot": "A program looks up no rows, but multiplies the one-hot vector of each token with the table, zeros "
    "included. "
    "How many multiplications does a text of {{ length }} tokens take?",
    "weights": "The small example: the mean is $q^\\top E$, where the rows of $E$ are the embeddings in the order of "
    "the table. "
    "Which $q$ belongs to this text?",
    "mean": "The small example: the mean embedding of the text.",
}

LINES = {
    "table": r"A row of {{ width }} numbers for each token: ${{ vocabulary }} \cdot {{ width }} = {{ keys.table }}$.",
    "positions": r"A row for each position: ${{ length }} \cdot {{ width }} = {{ keys.positions }}$.",
    "output": r"{% if tied %}The weights are those of the table, so that only a bias for each token is new: "
    r"${{ keys.output }}${% else %}Weights and a bias for each token: ${{ width }} \cdot {{ vocabulary }} + {{ "
    r"vocabulary }} = "
    r"{{ keys.output }}${% endif %}.",
    "total": r"${{ counts | join(' + ') }} = {{ keys.total }}$.",
    "one_hot": r"Each of {{ length }} one-hot vectors meets the whole table: ${{ length }} \cdot {{ vocabulary }} "
    r"\cdot "
    r"{{ width }} = {{ keys.one_hot }}$. The lookup reads {{ width }} numbers for each token and multiplies nothing; "
    r"the result "
    r"is the same.",
    "weights": r"The mean of the one-hot vectors of its words: how often each word occurs, divided by the {{ n }} "
    r"words of "
    r"the text, $q = {{ keys.weights }}$.",
    "mean": r"Row by row, as often as its word occurs: ${{ mean }} = {{ keys.mean }}$.",
}

SAID = {
    "with_bias": "You added a bias; an embedding is a row of a table and has none.",
    "per_position": "You counted a table for every position; all positions share one.",
    "tokens_only": "You counted the tokens; each has a whole vector.",
    "positions_only": "You counted the positions; each has a whole vector.",
    "per_token": "You counted the positions of every token; the embedding of a position is the same whatever token "
    "stands there.",
    "no_bias": "You left the bias out; the layer has one for each token.",
    "bias_per_input": "You counted a bias for each input of the layer; there is one for each of its scores.",
    "not_tied": "You counted the weight matrix again; it is tied to the table, so nothing new is learned.",
    "tied_anyway": "You took the weights for those of the table; here they are not tied.",
    "counted_twice": "You counted the tied weights twice; the table and the last layer share them.",
    "shared_anyway": "You left out the weights of the last layer; they are not tied to the table.",
    "no_positions": "You left the embeddings of the positions out.",
    "one_token": "That is one token; each of the text takes its own product.",
    "lookup": "That is what a lookup reads; the product goes through the whole table.",
    "not_divided": "You did not divide by the number of words of the text.",
    "occurring": "You counted a word once that occurs several times.",
    "by_vocabulary": "You divided by the size of the vocabulary; a mean divides by the number of words of the text.",
    "all_rows": "You took the mean of the whole table; only the words of the text count.",
}
