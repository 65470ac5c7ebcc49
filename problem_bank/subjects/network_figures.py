"""A network as a drawing."""

from __future__ import annotations

from problem_bank.figures.network import Layer
from problem_bank.figures.network import Network as Drawn
from problem_bank.figures.words import indexed
from problem_bank.subjects.dropout import Dropout
from problem_bank.subjects.networks import Network
from problem_bank.values import Vector


def drawn(net: Network, x: Vector, dropout: Dropout) -> Drawn:
    """Inputs, weights and biases, with what the masks drop crossed out; no value that has to be computed."""
    masks = dropout.masks
    hidden = [Layer(indexed("h", i), w, b, masks.get(i, ())) for i, (w, b) in enumerate(net.hidden, 1)]
    title = "The network with its masks" if masks else "The network"
    return Drawn(title, x, (*hidden, Layer("y", (net.v,), (net.c,))), masks.get(0, ()))
