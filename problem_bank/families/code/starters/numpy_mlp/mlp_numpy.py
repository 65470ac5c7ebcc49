"""A multi-layer perceptron in NumPy.

Build it of the modules in your own modules.py (import what you need from there). Write the bodies; keep the
names and signatures. `pytest` in this folder shows how far you are.
"""


class MLP:
    """Linear and ELU (alpha = 1) for every hidden layer, then linear and softmax.

    self.layers  the modules in order; those with parameters have dicts params and grads
    """

    def __init__(self, n_inputs, n_hidden, n_classes):
        """Make the layers. n_hidden is a list with the width of each hidden layer, and may be empty.

        The first linear layer is made with input_layer=True.
        """
        raise NotImplementedError

    def forward(self, x):
        """Return probabilities, shape (S, n_classes), for x of shape (S, n_inputs).

        x may also be a batch of images with n_inputs numbers each, such as shape (S, 3, 32, 32).
        """
        raise NotImplementedError

    def backward(self, dout):
        """Set the gradients in every layer.

        dout is the gradient of the loss with respect to the probabilities, shape (S, n_classes).
        """
        raise NotImplementedError

    def clear_cache(self):
        """Forget what forward kept, in every layer."""
        raise NotImplementedError
