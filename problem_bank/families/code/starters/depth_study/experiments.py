"""Studies of trained networks: the curves of every run, and what they say.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


def depth_study(data, depths, activations, width=512, lr=0.001, batch_size=50, epochs=10, seed=0):
    """Train a network for every depth and activation and return {"runs": [...], "claims": {...}}.

    data: {"train": (x, y), "validation": (x, y)}, as study_data.py makes them
    runs: for each setting a dict with "depth", "activation", the curves "train_loss", "val_loss" and
    "val_accuracy" (one number per epoch each), and the network after the last epoch, "model"
    (where the exercise asks for it, "best_epoch" and "best_model" as well)
    claims: "best_depth", {activation: depth}, and "slowest_activation"
    """
    raise NotImplementedError
