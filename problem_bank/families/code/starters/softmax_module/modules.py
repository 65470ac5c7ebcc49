"""The building blocks of a multi-layer perceptron, in NumPy.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


class SoftMaxModule:
    """Turns each row of scores into probabilities: s_k = exp(x_k) / (sum of exp(x_j) over the row)."""

    def forward(self, x):
        """Return the probabilities, shape (S, K), for scores x of shape (S, K), one sample per row.

        Scores may be as large as 10000: what may be subtracted from a row without changing the result?
        Keep what backward needs; leave x as it is.
        """
        raise NotImplementedError

    def backward(self, dout):
        """Return the gradient of the loss with respect to the scores, shape (S, K).

        dout is the gradient of the loss with respect to the probabilities, shape (S, K). Every score moves
        all probabilities of its row, so the whole Jacobian of the row counts.
        """
        raise NotImplementedError

    def clear_cache(self):
        """Forget what forward kept for backward."""
        raise NotImplementedError
