"""What wrong cross-entropy modules return, for probabilities x of shape (S, K) and class numbers y."""

import numpy as np

from problem_bank.exercise import Slip
from problem_bank.subjects.layer_checks import Array
from solutions.numpy_nn import CrossEntropyModule
from solutions.numpy_nn.softmax import softmax

OURS = CrossEntropyModule()


def loss_slips(x: Array, y: Array) -> list[Slip]:
    """Losses that wrong rules lead to."""
    losses, t = -np.log(x[np.arange(len(y)), y]), np.eye(x.shape[1])[y]
    return [
        Slip("summed", losses.sum(), "The losses are summed; the loss is their mean over the batch."),
        Slip("mean_over_entries", losses.sum() / x.size,
             "The sum is divided by the number of entries (as np.mean of all does); divide by the samples only."),
        Slip("mean_over_classes", losses.sum() / x.shape[1],
             "The sum is divided by the classes; divide by the samples."),
        Slip("sign", -losses.mean(), "The sign is wrong: logarithms of probabilities are negative, the loss is not."),
        Slip("per_sample", losses, "There is one loss per sample; take the mean of them."),
        Slip("per_sample", losses[:, None], "There is one loss per sample; take the mean of them."),
        Slip("per_sample", losses / len(y), "There is one loss per sample; add them up."),
        Slip("per_entry", -t * np.log(x),
             "There is one number per entry; sum over the classes, take the samples' mean."),
        Slip("other_base", losses.mean() / np.log(2), "That is the logarithm to base 2; take the natural one."),
        Slip("other_base", losses.mean() / np.log(10), "That is the logarithm to base 10; take the natural one."),
        Slip("all_classes", -np.log(x).sum() / len(y),
             "All classes are counted; only the right one of each sample is."),
        Slip("largest_class", -np.log(x.max(axis=1)).mean(),
             "The loss looks at the most likely class; it looks at the right one, whatever its probability."),
        Slip("no_logarithm", -x[np.arange(len(y)), y].mean(), "The logarithm is missing."),
        Slip("binary", -(t * np.log(x) + (1 - t) * np.log(1 - x)).sum() / len(y),
             "That is the binary cross-entropy of every class; here only the right class of each sample counts."),
        Slip("softmax_again", OURS.forward(softmax(x), y),
             "x holds probabilities already; forward applies softmax again."),
        Slip("log_of_mean", -np.log(x[np.arange(len(y)), y].mean()),
             "The mean is taken before the logarithm; take the logarithm of each sample first."),
    ]  # fmt: skip


def gradient_slips(x: Array, y: Array) -> list[Slip]:
    """Gradients that wrong rules lead to."""
    dx, t, s = OURS.backward(x, y), np.eye(x.shape[1])[y], len(y)
    shortcut = "That is the gradient with respect to the scores before softmax (probabilities minus targets). This "
    shortcut += "module gets probabilities: return dL/dx for these; the softmax module does the rest."
    return [
        Slip("no_batch_mean", dx * s, "The factor 1/S is missing: the loss is a mean over the batch."),
        Slip("averaged_twice", dx / s, "The gradient is divided by the batch size twice."),
        Slip("mean_over_entries", dx / x.shape[1],
             "The gradient is divided by S times the number of classes; divide by S."),
        Slip("sign", -dx, "The sign is wrong: a larger probability of the right class lowers the loss."),
        Slip("sign", -dx * s, "The sign is wrong, and the factor 1/S is missing."),
        Slip("softmax_gradient", (x - t) / s, shortcut),
        Slip("softmax_gradient", x - t, shortcut + " (And the factor 1/S is missing.)"),
        Slip("all_classes", -1 / (x * s), "Only the entry of the right class of each sample is not 0."),
        Slip("reciprocal_missing", -t / s, "The derivative of the logarithm, 1/x, is missing."),
        Slip("logarithm_kept", -t * np.log(x) / s, "The logarithm is still there; its derivative is 1/x."),
        Slip("squared", -t / (s * x**2), "The derivative of ln x is 1/x, not 1/x²."),
        Slip("right_entries_only", dx[np.arange(s), y],
             "These are the entries of the right classes; give dx the shape of x, with 0 everywhere else."),
        Slip("summed_over_batch", dx.sum(axis=0),
             "The gradient is summed over the batch; every sample has its own row."),
        Slip("binary", (-t / x + (1 - t) / (1 - x)) / s, "That belongs to the binary cross-entropy of every class."),
    ]  # fmt: skip
