"""Update rules, in NumPy: each function makes one step and returns (next_w, config).

w: parameters; dw: the gradient of the loss at w, in the same shape; both stay as they are. config is a dict of
settings; put into the config that you return whatever the rule has to remember until the next step. Write the
rules that your sheet asks for, as it defines them. `pytest` in this folder shows how far you are.
"""


def sgd(w, dw, config):
    """Settings: learning_rate."""
    raise NotImplementedError


def momentum(w, dw, config):
    """Settings: learning_rate, momentum."""
    raise NotImplementedError


def nesterov(w, dw, config):
    """Settings: learning_rate, momentum."""
    raise NotImplementedError


def rmsprop(w, dw, config):
    """Settings: learning_rate, rho, epsilon."""
    raise NotImplementedError


def adam(w, dw, config):
    """Settings: learning_rate, rho1, rho2, epsilon."""
    raise NotImplementedError


def adamw(w, dw, config):
    """Settings: learning_rate, rho1, rho2, epsilon, weight_decay."""
    raise NotImplementedError
