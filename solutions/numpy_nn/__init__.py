"""Neural networks by hand, in NumPy."""

from solutions.numpy_nn.activations import (
    ELUModule,
    GELUModule,
    LeakyReLUModule,
    ReLUModule,
    SigmoidModule,
    SiLUModule,
    SoftplusModule,
    TanhModule,
)
from solutions.numpy_nn.cnn import CNN
from solutions.numpy_nn.convolution import Conv2dModule, conv_backward, conv_forward
from solutions.numpy_nn.dropout import DropoutModule
from solutions.numpy_nn.linear import LinearModule
from solutions.numpy_nn.loss import BCEWithLogitsModule, CrossEntropyModule, MSEModule, SoftmaxCrossEntropyModule
from solutions.numpy_nn.mlp import MLP
from solutions.numpy_nn.normalisation import BatchNorm1dModule, BatchNorm2dModule, LayerNormModule
from solutions.numpy_nn.optimisers import SGD, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp
from solutions.numpy_nn.pooling import AvgPool2dModule, GlobalMaxPoolModule, MaxPool2dModule
from solutions.numpy_nn.sequential import FlattenModule, Sequential
from solutions.numpy_nn.softmax import SoftMaxModule

__all__ = [
    "CNN",
    "MLP",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "AvgPool2dModule",
    "BCEWithLogitsModule",
    "BatchNorm1dModule",
    "BatchNorm2dModule",
    "Conv2dModule",
    "CrossEntropyModule",
    "DropoutModule",
    "ELUModule",
    "FlattenModule",
    "GELUModule",
    "GlobalMaxPoolModule",
    "LayerNormModule",
    "LeakyReLUModule",
    "LinearModule",
    "MSEModule",
    "MaxPool2dModule",
    "Momentum",
    "Nesterov",
    "RMSProp",
    "ReLUModule",
    "Sequential",
    "SiLUModule",
    "SigmoidModule",
    "SoftMaxModule",
    "SoftmaxCrossEntropyModule",
    "SoftplusModule",
    "TanhModule",
    "conv_backward",
    "conv_forward",
]
