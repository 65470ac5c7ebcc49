"""Activation functions and their derivatives, in NumPy.

Every function takes an array x of any shape and returns one of the same shape and floating-point type, entry by
entry; x stays as it is. The derivative gets the same x, not the output. Write the bodies of those that your
sheet asks for, delete the others, and keep names and arguments. `pytest` in this folder shows how far you are.
"""


def relu(x):
    """The larger of x and 0."""
    raise NotImplementedError


def relu_grad(x):
    """The derivative of relu; at 0 either side will do."""
    raise NotImplementedError


def sigmoid(x):
    """1 / (1 + exp(-x)). For x = -1000 that must not overflow: which form of the same fraction does not?"""
    raise NotImplementedError


def sigmoid_grad(x):
    """The derivative of sigmoid."""
    raise NotImplementedError


def tanh(x):
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x))."""
    raise NotImplementedError


def tanh_grad(x):
    """The derivative of tanh."""
    raise NotImplementedError


def elu(x, alpha):
    """x right of 0, alpha * (exp(x) - 1) left of it."""
    raise NotImplementedError


def elu_grad(x, alpha):
    """The derivative of elu."""
    raise NotImplementedError


def softplus(x):
    """The natural logarithm of 1 + exp(x)."""
    raise NotImplementedError


def softplus_grad(x):
    """The derivative of softplus."""
    raise NotImplementedError


def silu(x):
    """x * sigmoid(x)."""
    raise NotImplementedError


def silu_grad(x):
    """The derivative of silu."""
    raise NotImplementedError
