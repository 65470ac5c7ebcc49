"""What the prompts of all studies say, and where their files lie."""

from typing import Any

FILES: dict[str, Any] = {
    "file": "experiments.py",
    "without": (),
    "profile": "torch",
    "provided": ("assignment_3/study_data.py",),
}

RUNS = (
    '- `"train_loss"`, `"val_loss"`, `"val_accuracy"`: **one number per epoch**: the mean cross-entropy over '
    "the epoch's training samples, and the mean cross-entropy and the accuracy (from 0 to 1) of all validation samples "
    "after the epoch, in evaluation mode;\n"
    '- `"model"`: the network as it is after the **last** epoch'
    '{% if early %};\n- `"best_epoch"` and `"best_model"`: the epoch with the lowest validation loss, counted from 1, '
    "and the network as it was then: where early stopping would have stopped{% endif %}."
)
DATA = (
    '`{"train": (x, y), "validation": (x, y)}` with arrays in float32 and whole-numbered classes from 0, as the given '
    "`study_data.py` makes them"
)
CONVENTIONS = (
    "Train in minibatches of `batch_size`, in a new random order in each epoch, with Adam "
    "(`torch.optim.Adam`) and no schedule. Seed torch with `seed` before each run, so that a study can be repeated and "
    "runs of the same architecture start from the same weights."
)
JUDGED = (
    "Your function is run on small data sets and with settings of ours. **Your log is what counts, not how high an "
    "accuracy is**: that it is complete, that it is true of the networks you return, and that every claim follows from "
    "your own numbers *after the last epoch* (of equals, any)."
)
