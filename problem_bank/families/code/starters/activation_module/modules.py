"""The building blocks of a multi-layer perceptron, in NumPy.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


class ELUModule:
    """y = x right of 0 and alpha * (exp(x) - 1) left of it, entry by entry.

    Your sheet asks for this activation or for ReLUModule; delete the other one. Where it says nothing about
    alpha, alpha is 1.
    """

    def __init__(self, alpha=1.0):
        raise NotImplementedError

    def forward(self, x):
        """Return the output in the shape of x, which may be any shape.

        Keep what backward needs; leave x as it is.
        """
        raise NotImplementedError

    def backward(self, dout):
        """Return the gradient of the loss with respect to x, in its shape.

        dout is the gradient of the loss with respect to the output, in the same shape; leave it as it is.
        """
        raise NotImplementedError

    def clear_cache(self):
        """Forget what forward kept for backward."""
        raise NotImplementedError


class ReLUModule:
    """y = max(x, 0), entry by entry.

    Your sheet asks for this activation or for ELUModule; delete the other one.
    """

    def forward(self, x):
        """Return the output in the shape of x, which may be any shape.

        Keep what backward needs; leave x as it is.
        """
        raise NotImplementedError

    def backward(self, dout):
        """Return the gradient of the loss with respect to x, in its shape.

        dout is the gradient of the loss with respect to the output, in the same shape; leave it as it is.
        """
        raise NotImplementedError

    def clear_cache(self):
        """Forget what forward kept for backward."""
        raise NotImplementedError
