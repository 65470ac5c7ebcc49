"""The building blocks of a multi-layer perceptron, in NumPy.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


class CrossEntropyModule:
    """The loss: the mean over the batch of minus the logarithm of the probability of the right class."""

    def forward(self, x, y):
        """Return the loss as one number.

        x holds probabilities, shape (S, K), one sample per row; y the right class of each sample, shape (S,),
        whole numbers from 0 to K - 1. A batch need not hold every class.
        """
        raise NotImplementedError

    def backward(self, x, y):
        """Return the gradient of the loss with respect to the probabilities x, shape (S, K).

        Not with respect to the scores before the softmax: that is the next module's task.
        """
        raise NotImplementedError
