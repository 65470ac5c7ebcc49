"""Studies of trained networks: the curves of every run, and what they say.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


def architecture_study(
    data, architectures, width=128, n_filters=(16, 16), lr=0.003, weight_decay=0.001, batch_size=50, epochs=12, seed=0
):
    """Train "mlp", "mlp_l2" and "cnn" on every data set and return {"runs": [...], "claims": {...}}.

    data: {name: {"train": (x, y), "validation": (x, y)}}, images as study_data.motifs makes them
    runs: for each setting a dict with "data", "architecture", "parameters", the curves "train_loss",
    "val_loss" and "val_accuracy" (one number per epoch each), and the network after the last epoch, "model"
    (where the exercise asks for it, "best_epoch" and "best_model" as well)
    claims: "cnn_wins" and "cnn_wins_over_l2", {name: True or False}
    """
    raise NotImplementedError
