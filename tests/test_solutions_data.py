"""Data: drawn sets, splits, and readers of files in the formats that MNIST and CIFAR-10 really have."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solutions import generated
from solutions.cifar10 import read_cifar10
from solutions.data import GENERATED, Dataset, load, split, standardised
from solutions.mnist import read_idx, read_mnist

SHAPES = {"spirals": (2,), "prototypes": (8, 8), "motifs": (12, 12), "vectors": (50,)}
CLASSES = {"spirals": 3, "prototypes": 10, "motifs": 10, "vectors": 2}


# Drawn data


@pytest.mark.parametrize("name", GENERATED)
def test_generated_sets_are_balanced_and_repeat(name: str) -> None:
    """The same seed gives the same numbers, another seed others; classes are about equally frequent in every part."""
    one, again, other = load(name, 3), load(name, 3), load(name, 4)
    for part in ("train", "validation", "test"):
        data = getattr(one, part)
        assert np.array_equal(data.x, getattr(again, part).x)
        assert np.array_equal(data.y, getattr(again, part).y)
        assert not np.array_equal(data.x, getattr(other, part).x)
        assert data.x.shape[1:] == SHAPES[name]
        assert data.n_classes == CLASSES[name]
        shares = np.bincount(data.y, minlength=data.n_classes) / len(data)
        assert np.abs(shares - 1 / data.n_classes).max() < 0.12


def test_no_straight_line_separates_spirals() -> None:
    """Least squares on the coordinates gets little more than half of the points right."""
    x, y, classes = generated.spirals(np.random.default_rng(0))
    features = np.column_stack([x, np.ones(len(x))])
    weights, *_ = np.linalg.lstsq(features, np.eye(classes)[y], rcond=None)
    assert ((features @ weights).argmax(axis=1) == y).mean() < 0.7


def test_motifs_lie_where_the_shift_allows() -> None:
    """Without noise: shift 0 gives one image per class; shift 3 gives 49 places, all inside the canvas."""
    still, y, _ = generated.motifs(np.random.default_rng(0), 300, 2, shift=0, noise=0.0)
    assert all(len(np.unique(still[y == k], axis=0)) == 1 for k in range(2))
    moved, y, _ = generated.motifs(np.random.default_rng(0), 3000, 2, shift=3, noise=0.0)
    assert [len(np.unique(moved[y == k], axis=0)) for k in range(2)] == [49, 49]
    assert (np.abs(moved).sum(axis=(1, 2)) == 36).all()
    with pytest.raises(ValueError, match="0 to 3"):
        generated.motifs(np.random.default_rng(0), shift=4)


def test_prototypes_are_windows_of_one_image_per_class() -> None:
    """Without noise, a shift of 1 gives nine versions per class."""
    x, y, _ = generated.prototypes(np.random.default_rng(0), 600, 2, noise=0.0)
    assert [len(np.unique(x[y == k], axis=0)) for k in range(2)] == [9, 9]


# Splits


def test_a_split_loses_and_doubles_nothing() -> None:
    """Every sample is in exactly one part, with its own label, and the parts have the sizes asked for."""
    data = Dataset(np.arange(101.0)[:, None], np.arange(101) % 3, 3)
    splits = split(data, np.random.default_rng(0), validation=0.1, test=0.25)
    parts = (splits.train, splits.validation, splits.test)
    assert [len(part) for part in parts] == [66, 10, 25]
    assert sorted(value for part in parts for value in part.x[:, 0]) == list(range(101))
    assert all((part.x[:, 0] % 3 == part.y).all() for part in parts)
    with pytest.raises(ValueError, match="leave nothing to train on"):
        split(data, np.random.default_rng(0), validation=0.5, test=0.51)


def test_standardising_uses_the_training_set_alone() -> None:
    """Channels of the training set get mean 0 and variance 1; another validation set changes nothing else."""
    rng = np.random.default_rng(0)
    draws = (rng.normal(mean, 3, (40, 2, 3, 3)) for mean in (5, 5, 90))
    train, one, other = (Dataset(x, np.zeros(40, int), 2) for x in draws)
    splits = split(train, np.random.default_rng(0))
    for validation in (one, other):
        done = standardised(type(splits)(train, validation, one))
        assert np.abs(done.train.x.mean(axis=(0, 2, 3))).max() < 1e-12
        assert np.abs(done.train.x.std(axis=(0, 2, 3)) - 1).max() < 1e-12
        assert np.allclose(
            done.test.x, (one.x - train.x.mean((0, 2, 3), keepdims=True)) / train.x.std((0, 2, 3), keepdims=True)
        )


def test_samples_and_labels_come_in_pairs() -> None:
    """A data set with a label too few is refused; so is asking vectors for their channels."""
    with pytest.raises(ValueError, match="3 samples and 2 labels"):
        Dataset(np.zeros((3, 2)), np.zeros(2, int), 2)
    assert Dataset(np.zeros((3, 5, 4, 4)), np.zeros(3, int), 2).channels == 5
    assert Dataset(np.zeros((3, 4, 4)), np.zeros(3, int), 2).channels == 1
    with pytest.raises(ValueError, match="no images"):
        _ = Dataset(np.zeros((3, 2)), np.zeros(3, int), 2).channels


def test_an_unknown_name_and_a_missing_folder_say_what_to_do() -> None:
    """The message lists the names, or asks for the folder."""
    with pytest.raises(ValueError, match="choose one of spirals"):
        load("imagenet")
    with pytest.raises(ValueError, match="name the folder"):
        load("mnist")


def test_digits_come_with_scikit_learn() -> None:
    """1,797 images of 8 × 8 pixels in [0, 1]."""
    pytest.importorskip("sklearn", reason='scikit-learn is not installed: pip install "markscheme[data]"')
    splits = load("digits")
    assert sum(len(part) for part in (splits.train, splits.validation, splits.test)) == 1797
    assert splits.train.x.shape[1:] == (8, 8)
    assert (splits.train.x.min(), splits.train.x.max()) == (0, 1)


def test_without_scikit_learn_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a data set that needs nothing."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"markscheme\[data\].*prototypes"):
        load("digits")


# MNIST

MNIST_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def idx(array: Any) -> bytes:
    """An array of bytes as an idx file."""
    array = np.asarray(array, np.uint8)
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + bytes(array.tobytes())


@pytest.fixture
def mnist(tmp_path: Path) -> tuple[Path, list[Any]]:
    """A folder with 40 + 12 tiny images in MNIST's format, and the four arrays that are in it."""
    rng = np.random.default_rng(0)
    arrays = [
        rng.integers(0, 256, (40, 5, 4)),
        np.arange(40) % 10,
        rng.integers(0, 256, (12, 5, 4)),
        np.arange(12) % 10,
    ]
    for name, array in zip(MNIST_FILES, arrays, strict=True):
        (tmp_path / name).write_bytes(idx(array))
    return tmp_path, arrays


@pytest.mark.parametrize("compressed", [False, True])
def test_mnist_files_are_read_as_they_are(mnist: Any, compressed: bool) -> None:
    """Images in [0, 1], labels as they stand, plain or with .gz."""
    folder, (x, y, x_test, y_test) = mnist
    if compressed:
        for name in MNIST_FILES:
            (folder / f"{name}.gz").write_bytes(gzip.compress((folder / name).read_bytes()))
            (folder / name).unlink()
    images, labels, test_images, test_labels = read_mnist(folder)
    for ours, pixels in ((images, x), (test_images, x_test)):
        assert ours.dtype == np.float32
        assert 0 <= ours.min() <= ours.max() <= 1
        assert np.array_equal(np.rint(255 * ours), pixels)
    assert np.array_equal(labels, y)
    assert np.array_equal(test_labels, y_test)


def test_mnist_becomes_a_split_with_its_own_test_set(mnist: Any) -> None:
    """The official test files stay the test set, and the training pixels are standardised."""
    folder, arrays = mnist
    splits = load("mnist", 0, folder)
    assert [len(part) for part in (splits.train, splits.validation, splits.test)] == [34, 6, 12]
    assert splits.test.y.tolist() == arrays[3].tolist()
    assert abs(splits.train.x.mean()) < 1e-5
    assert abs(splits.train.x.std() - 1) < 1e-5


BROKEN_IDX: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "not an idx file"),
    "something else": (b"\x89PNG\r\n\x1a\n", "not an idx file"),
    "floats": (b"\0\0\x0d\x01\0\0\0\x01\0\0\0\0", "not an idx file"),
    "no axes": (b"\0\0\x08\0\x01", "not an idx file"),
    "header cut": (b"\0\0\x08\x03\0\0\0\x01", "ends within its header"),
    "body cut": (idx(np.zeros((3, 2, 2)))[:-1], "fewer or more"),
    "body too long": (idx(np.zeros((3, 2, 2))) + b"\0", "fewer or more"),
    "giant": (b"\0\0\x08\x03" + b"\xff" * 12, "at most"),
}


@pytest.mark.parametrize("name", BROKEN_IDX)
@pytest.mark.parametrize("compressed", [False, True])
def test_broken_idx_files_are_named(tmp_path: Path, name: str, compressed: bool) -> None:
    """The error names the file and what is wrong with it."""
    content, message = BROKEN_IDX[name]
    file = tmp_path / ("images.gz" if compressed else "images")
    file.write_bytes(gzip.compress(content) if compressed else content)
    with pytest.raises(ValueError, match=message) as error:
        read_idx(file)
    assert str(file) in str(error.value)


@pytest.mark.parametrize(
    "content", [b"no gzip at all", gzip.compress(idx(range(99)))[:-12], b"\x1f\x8b\x08" + b"\xff" * 30]
)
def test_broken_gzip_files_are_named(tmp_path: Path, content: bytes) -> None:
    """Not gzip, cut short, or garbage after the magic number."""
    (tmp_path / "labels.gz").write_bytes(content)
    with pytest.raises(ValueError, match=r"labels\.gz is not a whole gzip file"):
        read_idx(tmp_path / "labels.gz")


def test_a_small_gzip_file_cannot_fill_the_memory(tmp_path: Path) -> None:
    """A file that unpacks to 64 MiB behind a header that promises 8 bytes: no more than those are unpacked."""
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(idx(range(8)) + bytes(64 << 20), compresslevel=1))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="fewer or more"):
            read_idx(tmp_path / "bomb.gz")
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_mnist_files_that_do_not_fit_together_are_refused(mnist: Any) -> None:
    """A missing file, labels of another number of images, a label that is no digit."""
    folder, _ = mnist
    labels = folder / MNIST_FILES[1]
    for content, message in ((idx(np.zeros(39)), "do not fit together"), (idx(np.full(40, 10)), "the label 10")):
        labels.write_bytes(content)
        with pytest.raises(ValueError, match=message):
            read_mnist(folder)
    labels.unlink()
    with pytest.raises(ValueError, match=r"neither train-labels-idx1-ubyte nor train-labels-idx1-ubyte\.gz"):
        read_mnist(folder)


# CIFAR-10


def cifar_records(n: int, seed: int) -> Any:
    """Records of one byte of label and 3,072 of image."""
    records = np.random.default_rng(seed).integers(0, 256, (n, 3073), dtype=np.uint8)
    records[:, 0] %= 10
    return records


@pytest.fixture
def cifar(tmp_path: Path) -> Path:
    """A folder in the layout of the binary version, with 8 images per training file and 6 for the test."""
    for i in range(1, 6):
        (tmp_path / f"data_batch_{i}.bin").write_bytes(cifar_records(8, i).tobytes())
    (tmp_path / "test_batch.bin").write_bytes(cifar_records(6, 9).tobytes())
    return tmp_path


def test_cifar_records_become_images(cifar: Path) -> None:
    """Pixel (row, column) of channel c is byte 1 + 1024 c + 32 row + column, over 255; files keep their order."""
    x, y, x_test, y_test = read_cifar10(cifar)
    assert (x.shape, y.shape, x_test.shape, y_test.shape) == ((40, 3, 32, 32), (40,), (6, 3, 32, 32), (6,))
    records = cifar_records(8, 2)
    assert x[8 + 3, 2, 5, 7] == records[3, 1 + 2048 + 5 * 32 + 7] / np.float32(255)
    assert y[8:16].tolist() == records[:, 0].tolist()
    splits = load("cifar10", 0, cifar)
    assert [len(part) for part in (splits.train, splits.validation, splits.test)] == [34, 6, 6]
    assert np.abs(splits.train.x.mean(axis=(0, 2, 3))).max() < 1e-5


def test_cifar_pickles_are_refused_and_never_run(tmp_path: Path) -> None:
    """The pickled version, here one that would write a file, ends in the name of the right download."""
    trace = tmp_path / "trace"
    (tmp_path / "data_batch_1").write_bytes(f"cbuiltins\nopen\n(S'{trace}'\nS'w'\ntR.".encode())
    with pytest.raises(ValueError, match=r"pickle can run any code.*cifar-10-binary\.tar\.gz"):
        read_cifar10(tmp_path)
    assert not trace.exists()


def test_broken_cifar_files_are_named(cifar: Path) -> None:
    """A file cut short, an empty one, a label above 9, a missing test file."""
    file = cifar / "data_batch_3.bin"
    wrong = cifar_records(2, 0)
    wrong[1, 0] = 10
    for content, message in (
        (wrong.tobytes()[:-1], "not a whole number of records"),
        (b"", "has 0 bytes"),
        (wrong.tobytes(), "the label 10"),
    ):
        file.write_bytes(content)
        with pytest.raises(ValueError, match=message) as error:
            read_cifar10(cifar)
        assert str(file) in str(error.value)
    (cifar / "test_batch.bin").unlink()
    with pytest.raises(ValueError, match="cifar-10-binary"):
        read_cifar10(cifar)


def test_nothing_here_can_unpickle() -> None:
    """No file of the package names pickle in code, loads arrays with pickles allowed, or evaluates text."""
    root = Path(generated.__file__).parent
    forbidden = ("import pickle", "from pickle", "allow_pickle", "np.load(", "torch.load(", "eval(compile", "exec(")
    for file in root.rglob("*.py"):
        text = file.read_text("utf-8")
        assert not [word for word in forbidden if word in text], file
