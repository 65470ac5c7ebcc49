"""The checks of a function that turns a text into the mean of its word vectors.

Goodfellow et al., Deep Learning, section 12.4.2 (word embeddings).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from problem_bank.checks import CheckFailed, StudentError, check, close, numeric
from problem_bank.exercise import Slip
from problem_bank.subjects.function_checks import function, results
from problem_bank.subjects.studies import Array

Draw = np.random.Generator
WORDS = ("plot", "great", "dull", "acting", "warm", "score", "slow", "bright", "story", "flat", "ending", "sharp")
UNKNOWN = ("zxq", "qwv", "vvk")
SECONDS = 8.0


def _table(rng: Draw) -> dict[str, Array]:
    """Word vectors; their number of entries is drawn."""
    size = int(rng.integers(5, 12))
    return {word: rng.normal(size=size).astype(np.float32) for word in WORDS}


def _mean(words: list[str], table: Mapping[str, Array]) -> Array:
    return np.asarray(np.mean([table[word] for word in words], axis=0))


@check(points=2, seconds=SECONDS)
def mean_vector(student: Any, rng: Draw) -> None:
    """`featurize` gives the mean of the vectors of all words of the text."""
    table = _table(rng)
    words = [str(word) for word in rng.choice(WORDS, 5, replace=False)]
    words.insert(3, words[0])  # one occurs twice, and counts twice
    vectors = np.stack([table[word] for word in words])
    mean = vectors.mean(axis=0)
    slips = [
        Slip("summed", vectors.sum(axis=0), "featurize adds the vectors up; divide by the number of words."),
        Slip("maximum", vectors.max(axis=0), "featurize takes the largest entries; take the mean."),
        Slip("words_once", _mean(words[:3] + words[4:], table),
             "A word that occurs twice counts once only; every occurrence counts."),
        Slip("last_word", vectors[-1], "featurize gives the vector of the last word; take the mean of all."),
        Slip("first_word", vectors[0], "featurize gives the vector of the first word; take the mean of all."),
        Slip("wrong_axis", vectors.mean(axis=1), "The mean is that of each vector; take it over the words."),
        Slip("not_averaged", vectors, "featurize gives one vector per word; take their mean."),
    ]  # fmt: skip
    _close(student, " ".join(words), table, mean, slips)


@check(points=2, requires=["mean_vector"], seconds=SECONDS)
def unknown_words(student: Any, rng: Draw) -> None:
    """Words without a vector do not count, and capital letters make no difference."""
    table = _table(rng)
    words = [str(word) for word in rng.choice(WORDS, 3, replace=False)]
    mean = _mean(words, table)
    counted = "Words without a vector count as zeros; divide by the number of words that have one."
    mixed = [UNKNOWN[0], *words[:2], UNKNOWN[1], words[2], UNKNOWN[2]]
    slips = [
        Slip("unknown_words_counted", mean * 3 / 6, counted),
        Slip("stops_at_unknown", _mean(words[:2], table), "featurize stops at a word without a vector; go on."),
    ]
    _close(student, " ".join(mixed), table, mean, slips)
    capital = " ".join([words[0], words[1].capitalize(), words[2].upper()])
    lower = Slip("case", table[words[0]], "Words with capital letters are not found; look them up in lower case.")
    _close(student, capital, table, mean, [lower])


@check(points=1, requires=["mean_vector"], seconds=SECONDS)
def empty_text(student: Any, rng: Draw) -> None:
    """For a text in which no word has a vector, and for an empty one, `featurize` gives None."""
    table = _table(rng)
    for text in ("", "   ", " ".join(UNKNOWN)):
        what = f"For the text {text!r}, in which no word has a vector, featurize"
        try:
            found = function(student, "featurize")(text, table)
        except StudentError as error:
            raise CheckFailed(f"{what} raises {error.type}; return None.", "empty_raises") from error
        if found is None:
            continue
        value = numeric(found, "what featurize returns")
        if value.size and np.isnan(value).any():
            raise CheckFailed(f"{what} gives nan, the mean of nothing; return None.", "empty_nan")
        if not np.any(value):
            raise CheckFailed(f"{what} gives zeros, which say that the text is neutral; return None.", "empty_zeros")
        raise CheckFailed(f"{what} gives an array; return None.")


@check(points=2, requires=["empty_text"], seconds=SECONDS)
def many_texts(student: Any, rng: Draw) -> None:
    """`featurize_all` gives the vectors of the texts that have one, and where in the list these texts are."""
    table = _table(rng)
    texts = [" ".join(rng.choice(WORDS, 3)) for _ in range(5)]
    texts.insert(1, UNKNOWN[0])
    texts.insert(int(rng.integers(3, 6)), "")
    expected = [place for place, text in enumerate(texts) if text and text != UNKNOWN[0]]
    call = "featurize_all(texts, embeddings)"
    x, kept = results(function(student, "featurize_all")(texts, table), call, "x", "kept")
    found, places = numeric(x, "x of " + call), numeric(kept, "kept of " + call)
    if len(found) == len(texts):
        raise CheckFailed(
            "x has a row for every text, also for those without a known word; leave these out.", "all_kept"
        )
    truth = np.stack([_mean(texts[i].split(), table) for i in expected])
    close(found.reshape(truth.shape) if found.size == truth.size else found, truth, what="x", rtol=1e-4, atol=1e-5)
    if places.dtype == bool and places.shape == (len(texts),):
        places = np.flatnonzero(places)  # a mask chooses the same labels
    renumbered = Slip(
        "renumbered", np.arange(len(expected)), "kept numbers the rows of x; give the places of the texts."
    )
    dropped = sorted(set(range(len(texts))) - set(expected))
    left = Slip("dropped_places", dropped, "kept holds the places of the texts that were left out; give the others.")
    close(places, expected, what="kept", slips=[renumbered, left])


def _close(student: Any, text: str, table: dict[str, Array], mean: Array, slips: list[Slip]) -> None:
    found = numeric(function(student, "featurize")(text, table), "what featurize returns")
    if found.size == mean.size:
        found = found.reshape(mean.shape)  # one row is a matter of style
    close(found, mean, what=f"featurize of a text with {len(text.split())} words", rtol=1e-4, atol=1e-5, slips=slips)


TEXTS = (mean_vector, unknown_words, empty_text)
