"""CIFAR-10 for the training scripts, or small images of its shape where it is not on the disk.

The course provides this file; there is nothing to change here. With the binary version of CIFAR-10
("data_batch_1.bin" ... "test_batch.bin") in the data folder you train on the real images. Otherwise
images are generated: ten blurred patterns plus noise, the same ones every time, and the name of the
folder chooses how many ("small" if it is no name of SIZES).
"""

from functools import cache
from pathlib import Path

import numpy as np

SHAPE, CLASSES = (3, 32, 32), 10
SIZES = {  # (training, validation, test) samples, and the standard deviation of the noise
    "small": ((640, 150, 90), 12.0),
    "one-batch": ((32, 32, 32), 4.0),
    "easy": ((1280, 300, 300), 8.0),
}
opened = []  # the folders that were asked for


def get_cifar10(data_dir="data/", validation_size=5000):
    """{"train": ..., "validation": ..., "test": ...}: data sets of (image, label) pairs."""
    opened.append(str(data_dir))
    folder = Path(str(data_dir))
    if (folder / "data_batch_1.bin").is_file():
        return _real(folder, validation_size)
    sizes, noise = SIZES.get(folder.name, SIZES["small"])
    x, y = _generated(sum(sizes), noise)
    ends = np.cumsum(sizes)
    pieces = zip(("train", "validation", "test"), ends - sizes, ends)
    return {name: Images(x[start:end].copy(), y[start:end].copy()) for name, start, end in pieces}


def get_dataloader(dataset, batch_size, return_numpy=False):
    """A loader for each of the three data sets: batches of arrays, or of tensors.

    Training batches come in another order in each epoch, and a short last one is left out; in validation
    and test nothing is left out.
    """
    return {
        "train": Loader(dataset["train"], batch_size, return_numpy, shuffle=True),
        "validation": Loader(dataset["validation"], batch_size, return_numpy),
        "test": Loader(dataset["test"], batch_size, return_numpy),
    }


class Images:
    """A data set: `len(images)` samples; `images[i]` is a tensor of shape (3, 32, 32) and a label."""

    def __init__(self, x, y):
        self.data, self.targets = x, y

    def __len__(self):
        return len(self.targets)

    def __getitem__(self, i):
        return _tensor(self.data[i]), int(self.targets[i])


class Loader:
    """Batches of a data set, (images, labels), of shapes (S, 3, 32, 32) and (S,)."""

    def __init__(self, dataset, batch_size, return_numpy, shuffle=False):
        self.dataset, self.batch_size, self.drop_last = dataset, int(batch_size), shuffle
        self._numpy, self._shuffle, self._epoch = return_numpy, shuffle, 0

    def __len__(self):
        whole, rest = divmod(len(self.dataset), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def __iter__(self):
        order = np.arange(len(self.dataset))
        if self._shuffle:  # each epoch its own order, whatever else draws random numbers
            order = np.random.default_rng(self._epoch).permutation(order)
            self._epoch += 1
        for start in range(0, len(self) * self.batch_size, self.batch_size):
            chosen = order[start : start + self.batch_size]
            x, y = self.dataset.data[chosen], self.dataset.targets[chosen]
            yield (x, y) if self._numpy else (_tensor(x), _tensor(y))


@cache
def _generated(n, noise):
    """n images of shape (3, 32, 32): a coarse pattern per class, and noise. Made once: hand out copies."""
    rng = np.random.default_rng(2022)
    coarse = rng.normal(size=(CLASSES, 3, 4, 4))
    patterns = np.kron(coarse, np.ones((1, 1, 8, 8)))
    y = np.arange(n) % CLASSES
    rng.shuffle(y)
    x = (patterns[y] + noise * rng.normal(size=(n, *SHAPE))) / np.sqrt(1 + noise**2)
    return x.astype(np.float32), y.astype(np.int64)


def _real(folder, validation_size):
    """The images of the binary files, each channel with mean 0 and deviation 1 over CIFAR-10."""
    x, y = _files(sorted(folder.glob("data_batch_*.bin")))
    order = np.random.default_rng(42).permutation(len(y))
    held, kept = order[:validation_size], order[validation_size:]
    test = Images(*_files([folder / "test_batch.bin"]))
    return {"train": Images(x[kept], y[kept]), "validation": Images(x[held], y[held]), "test": test}


def _files(files):
    records = np.concatenate([np.fromfile(file, np.uint8).reshape(-1, 1 + 3 * 32 * 32) for file in files])
    mean, deviation = np.array([0.491, 0.482, 0.447]), np.array([0.247, 0.243, 0.262])
    x = records[:, 1:].reshape(-1, *SHAPE).astype(np.float32) / 255
    x = (x - mean[:, None, None]) / deviation[:, None, None]
    return x.astype(np.float32), records[:, 0].astype(np.int64)


def _tensor(array):
    import torch

    return torch.from_numpy(np.ascontiguousarray(array))
