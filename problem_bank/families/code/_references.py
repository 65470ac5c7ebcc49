# ruff: noqa: PLR0917  # the arguments are those of the programs
"""What the programs compute, a second time and in another way: sums by indices, loops, and the reference layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from solutions.numpy_nn.linear import LinearModule
from solutions.numpy_nn.optimisers import Adam

Results = tuple[Any, ...]


def adam(w: Any, grads: Any, lr: float, beta1: float, beta2: float, eps: float) -> Results:
    """The optimiser of the reference solution, one step after the other."""
    optimiser = Adam({"w": w.copy()}, lr, (beta1, beta2), eps)
    for gradient in grads:
        optimiser.step({"w": gradient})
    return (optimiser.params["w"],)


def backpropagation(X: Any, T: Any, W1: Any, W2: Any) -> Results:
    """Gradients by central differences of the loss, which is quadratic between the kinks of the ReLU."""

    def loss(inner: Any, outer: Any) -> Any:
        hidden = np.einsum("ni,ih->nh", X, inner).clip(min=0)
        return ((np.einsum("nh,ho->no", hidden, outer) - T) ** 2).sum(axis=1).mean()

    return loss(W1, W2), _slopes(lambda W: loss(W, W2), W1), _slopes(lambda W: loss(W1, W), W2)


def batch_norm(x: Any, gamma: Any, beta: Any, old_mean: Any, old_var: Any, keep: float, eps: float) -> Results:
    """Feature by feature."""
    columns = [np.array([(v - c.mean()) / (c.var() + eps) ** 0.5 for v in c]) for c in x.T]
    y = np.stack([g * column + b for g, column, b in zip(gamma, columns, beta, strict=True)], axis=1)
    new_mean, new_var = np.mean(x, axis=0), np.var(x, axis=0)
    return y, new_mean + keep * (old_mean - new_mean), new_var + keep * (old_var - new_var)


def causal_attention(Q: Any, K: Any, V: Any) -> Results:
    """Position by position, over the visible ones only."""
    weights = np.zeros((len(Q), len(K)))
    for i, query in enumerate(Q):
        scores = np.array([query.dot(key) for key in K[: i + 1]]) * len(query) ** -0.5
        weights[i, : i + 1] = np.exp(scores) / sum(np.exp(scores))
    return np.einsum("ij,jd->id", weights, V), weights


def conv_loop(x: Any, k: Any, b: float, dy: Any, s: int) -> Results:
    """All windows at once, and one product."""
    windows = np.lib.stride_tricks.sliding_window_view(x, k.shape)[::s, ::s]
    y, dk = np.einsum("ijpq,pq->ij", windows, k) + b, np.einsum("ijpq,ij->pq", windows, dy)
    return y, dk, float(np.einsum("ij->", dy))


def inverted_dropout(x: Any, dout: Any, u: Any, p: float) -> Results:
    """With the entries picked by their indices."""
    out, dx, kept = np.zeros_like(x), np.zeros_like(x), np.argwhere(~(u < p))
    for i, j in kept:
        out[i, j], dx[i, j] = x[i, j] / (1 - p), dout[i, j] / (1 - p)
    return out, dx, len(kept) / u.size, x


def linear_layer(X: Any, W: Any, b: Any, dout: Any, lam: float) -> Results:
    """The layer of the reference solution, with the penalty's gradient in closed form."""
    layer = LinearModule(X.shape[1], len(b))
    layer.params = {"weight": W.copy(), "bias": b.copy()}
    out, dx = layer.forward(X), layer.backward(dout)
    return out, dx, layer.grads["weight"] + lam * W, layer.grads["bias"]


def minibatches(X: Any, y: Any, w: Any, order: Any, size: int, lr: float) -> Results:
    """The order cut into pieces, and each step as a sum over samples."""
    for start in range(0, len(order), size):
        chosen = order[start : start + size].tolist()
        slopes = [(X[i].dot(w) - y[i]) * X[i] for i in chosen]
        w = w - lr * np.mean(slopes, axis=0)
    return w, float(np.linalg.norm(X.dot(w) - y) ** 2 / (2 * len(y)))


def recurrent_step(x: Any, y: Any, U: Any, W: Any, V: Any, b: Any, c: Any) -> Results:
    """All matrices in one, applied to input, state and 1 together."""
    whole, states = np.hstack([U, W, b[:, None]]), [np.zeros_like(b)]
    for given in x:
        states.append(np.tanh(whole.dot(np.concatenate([given, states[-1], [1.0]]))))
    outputs = np.array([c + V.dot(state) for state in states[1:]])
    return outputs, states[-1], float(((outputs - y) ** 2).sum(axis=1).mean() / 2)


def sgd_momentum(X: Any, y: Any, lr: float, mu: float, epochs: int) -> Results:
    """The velocity as the sum of all gradients so far, each faded by its age."""
    path, slopes = [np.zeros(X.shape[1])], []
    for now in range(epochs):
        slopes.append(2 * np.mean([(row @ path[-1] - target) * row for row, target in zip(X, y, strict=True)], axis=0))
        path.append(path[-1] - lr * sum(mu ** (now - then) * slope for then, slope in enumerate(slopes)))
    return (path[-1],)


def softmax_cross_entropy(logits: Any, t: Any) -> Results:
    """Sample by sample with the logarithm of the sum of powers."""
    logs = np.array([row - np.logaddexp.reduce(row) for row in logits])
    gradient = np.exp(logs) - np.eye(logits.shape[1])[t]
    return -np.mean([row[c] for row, c in zip(logs, t, strict=True)]), gradient / len(t), np.exp(logs)


def _slopes(f: Callable[[Any], Any], at: Any, h: float = 1e-6) -> Any:
    """The partial derivatives of f, by central differences."""
    moves = (h * np.eye(at.size)[i].reshape(at.shape) for i in range(at.size))
    return np.reshape([(f(at + move) - f(at - move)) / (2 * h) for move in moves], at.shape)


REFERENCES: Mapping[str, Callable[..., Results]] = {
    function.__name__: function
    for function in (
        adam, backpropagation, batch_norm, causal_attention, conv_loop, inverted_dropout, linear_layer, minibatches,
        recurrent_step, sgd_momentum, softmax_cross_entropy,
    )
}  # fmt: skip
