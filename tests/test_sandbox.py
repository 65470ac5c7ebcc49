"""The sandbox: frames that trust nothing, and a child that can reach nothing but its own folder."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import remote
from grader.sandbox import bwrap, frames, host, rules, warm
from grader.sandbox.frames import CAP, MAGIC, PREFIX, Garbled, Handle, decode, encode
from grader.sandbox.level import level
from grader.sandbox.process import Died, Limits
from grader.sandbox.session import Session
from problem_bank.checks import StudentError

LIMITS = Limits(wall=20.0)
linux = pytest.mark.skipif(platform.system() != "Linux", reason="confinement is the Linux kernel's")


# Frames


def refuse(value: object) -> Handle:
    raise AssertionError(f"{value!r} should have travelled")


def same(a: Any, b: Any) -> bool:
    """Equal, of the same types, with nan equal to itself."""
    if isinstance(a, np.ndarray | np.generic):
        return type(a) is type(b) and a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return type(a) is type(b) and repr(a) == repr(b)  # of nan, too


scalars = st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | st.floats() | st.text()
arrays = st.builds(
    lambda dtype, shape: np.arange(int(np.prod(shape))).reshape(shape).astype(dtype),
    st.sampled_from(sorted(frames.DTYPES)),
    st.lists(st.integers(0, 3), max_size=4),
)
values = st.recursive(
    scalars | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5) | st.integers(0, 9), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(values)
def test_what_travels_arrives_as_it_was(value: Any) -> None:
    """Scalars, lists, tuples, dicts and arrays come back equal, with their types, dtypes and shapes."""
    assert same(value, decode(encode(value, refuse)))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_garbled(data: bytes) -> None:
    """Whatever stands in a frame, the reader raises Garbled at worst."""
    for frame in (data, PREFIX.pack(MAGIC, len(data), 0) + data, PREFIX.pack(MAGIC, 0, len(data)) + data):
        try:
            decode(frame)
        except Garbled:
            continue


@settings(max_examples=200)
@given(values, st.integers(0, 10**6), st.integers(0, 255))
def test_a_changed_byte_is_a_value_or_garbled(value: Any, place: int, byte: int) -> None:
    """A frame with one byte overwritten gives some plain value or Garbled, and nothing else."""
    frame = bytearray(encode(value, refuse))
    frame[place % len(frame)] = byte
    with contextlib.suppress(Garbled):
        decode(bytes(frame))


def framed(header: str, body: bytes = b"") -> bytes:
    return PREFIX.pack(MAGIC, len(header), len(body)) + header.encode() + body


HOSTILE = {
    "no frame": (b"\x80\x04\x95pickle", "no frame"),
    "giant": (PREFIX.pack(MAGIC, 0xFFFFFFFF, 0xFFFFFFFF), "at most"),
    "truncated": (framed("[]")[:-1], "truncated"),
    "trailing bytes": (framed("1", b"x"), "belong to no array"),
    "long integer": (framed("9" * 5000), "JSON"),
    "deep": (framed("[" * 100_000 + "]" * 100_000), "JSON"),
    "deep lists": (framed('["list",' * 40 + "1" + "]" * 40), "deep"),
    "object dtype": (framed('["array","|O",1]', bytes(8)), "type that does not travel"),
    "negative shape": (framed('["array","<f8",-1]', bytes(8)), "proper shape"),
    "huge shape": (framed('["array","<f8",4000000,4000000]'), "longer than its frame"),
    "true as a size": (framed('["array","|b1",true]', bytes(1)), "proper shape"),
    "JSON object": (framed('{"a":1}'), "no value"),
    "unknown tag": (framed('["pickle",1]'), "no value"),
    "list as a key": (framed('["dict",[["list"],1]]'), "key"),
    "odd handle": (framed('["handle","0","x"]'), "handle"),
}


@pytest.mark.parametrize(("frame", "says"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_frame_is_garbled_at_once(frame: bytes, says: str) -> None:
    """Giant, deep, mistyped or truncated frames are refused, quickly and in words."""
    started = time.monotonic()
    with pytest.raises(Garbled, match=says):
        decode(frame)
    assert time.monotonic() - started < 0.5


def test_too_much_does_not_travel() -> None:
    """A value beyond the cap, or one that contains itself, is refused by the writer."""
    endless: list[Any] = []
    endless.append(endless)
    for value in (endless, np.zeros(CAP), ["x"] * 200_000):
        with pytest.raises(Garbled):
            encode(value, refuse)


def test_what_is_no_plain_data_becomes_a_handle() -> None:
    """Objects, object arrays, long integers and subclasses stay where they are."""

    class Equal(float):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    for value in (object(), np.array([{}]), 10**5000, Equal(), np.longdouble(1), print):
        assert decode(encode(value, lambda _: Handle(7, "kept"))) == Handle(7, "kept")


# The child

SUBMISSION = b'''
import os, sys
import numpy as np

class Box:
    def __init__(self):
        self.table = {"a": np.zeros(3)}
        self.alias = self.table["a"]
        self.unset = ...

def double(x, plus=0):
    return 2 * x + plus

def fail():
    return {}["nothing"]

def denied(text):
    """Try a line of code: "denied" where the system refuses, else what came of it."""
    import ctypes, pathlib, shutil, signal, socket, subprocess, threading
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        return repr(eval(text))
    except (PermissionError, FileNotFoundError) as error:
        return "denied" if isinstance(error, PermissionError) else "absent"
    except OSError as error:
        return f"error {error.errno}"

def modules():
    return sorted(sys.modules)

def environment():
    return dict(os.environ)

def everything():
    """The texts of all names, constants and values that can be found in this process."""
    import gc
    found = set()
    for item in gc.get_objects():
        found.add(f"{type(item).__module__}.{type(item).__qualname__}")
        if isinstance(item, dict):
            found.update(key for key in list(item) if type(key) is str)
    frame = sys._getframe()
    while frame:
        found.update(frame.f_locals)
        frame = frame.f_back
    return sorted(found)[:50_000]
'''


@pytest.fixture(scope="module", params=["namespaces", "no namespaces"])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    """One child, in bwrap and without."""
    own = warm._State()  # a warm process that other tests do not end
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "no namespaces":
            patch.setattr(bwrap, "works", lambda: False)
        elif not bwrap.works():
            pytest.skip("bwrap is not installed, or does not work here")
        patch.setattr(warm, "_state", own)
        session = Session({"work.py": SUBMISSION}, limits=LIMITS, seed=1)
    with session:
        yield session
    own.end()


@pytest.fixture
def student(session: Session) -> remote.Remote:
    session.begin()
    return remote.load(session, "work.py")


def test_calls_and_attributes_happen_in_the_child(student: Any) -> None:
    """Data goes and comes as copies; the state of objects is read and written where it lies."""
    assert student.double(np.arange(3), plus=1).tolist() == [1, 3, 5]
    box = student.Box()
    box.table["a"] = np.array([1.0, 2.0, 3.0])
    assert box.alias.tolist() == [1.0, 2.0, 3.0]
    box.name = "x"
    assert box.name == "x"
    assert box.table._data().keys() == {"a"}


def test_errors_come_back_with_their_line(student: Any) -> None:
    """An error of student code has its type, its message and its place in the student's file."""
    with pytest.raises(StudentError) as caught:
        student.fail()
    place = SUBMISSION.decode().splitlines().index('    return {}["nothing"]') + 1
    assert (caught.value.type, caught.value.file, caught.value.line) == ("KeyError", "work.py", place)


def test_checks_send_plain_data_only(student: Any) -> None:
    """An object of ours never goes to the child."""
    with pytest.raises(TypeError, match="plain data"):
        student.double(object())


@linux
def test_this_machine_confines() -> None:
    """A probe that reads, writes, connects, signals and forks is denied each; with bwrap it sees nothing either."""
    assert level().number == (3 if bwrap.works() else 2), str(level())
    assert set(level().denied) == {"see", "read", "write", "connect", "signal", "fork"}


WEAKER = {
    2: {},
    1: {"landlock.py": ("return max(0, _call", "return 0 * max(0, _call")},
    0: {"confine.py": ("not seccomp.supported()", "True")},
}


@linux
@pytest.mark.parametrize(("number", "changes"), WEAKER.items())
def test_the_level_is_found_by_trying(
    number: int, changes: dict[str, tuple[str, str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Take a layer away, and the probe notices, whatever is installed."""
    folder = shutil.copytree(host.ENTRY.parent, tmp_path / "sandbox")
    for name, (old, new) in changes.items():
        source = (folder / name).read_text()
        assert old in source
        (folder / name).write_text(source.replace(old, new))
    monkeypatch.setattr(host, "ENTRY", folder / "entry.py")
    monkeypatch.setattr(bwrap, "works", lambda: False)
    monkeypatch.setattr(warm, "_state", warm._State())  # the others have jobs
    found = level.__wrapped__()
    warm.end()
    assert found.number == number, str(found)
    assert "open: see" in str(found)


ATTACKS = {
    "password file": "open('/etc/passwd').read()",
    "environment of the grader": "open('/proc/{parent}/environ', 'rb').read()",
    "memory of the grader": "open('/proc/{parent}/mem', 'rb')",
    "its own memory map": "open('/proc/self/maps').read()",
    "another submission": "open({secret!r}).read()",
    "listing the other folders": "os.listdir('/tmp')",
    "through a symbolic link": "(os.symlink({secret!r}, 'link{unique}'), open('link{unique}').read())",
    "through a hard link": "os.link({secret!r}, 'hard{unique}')",
    "the checks": "open({checks!r}).read()",
    "the reference": "open({solution!r}).read()",
    "the child's own source": "open(sys.modules['_markscheme.frames'].__file__).read()",
    "writing outside": "open('/tmp/markscheme-was-here', 'w')",
    "overwriting": "open({secret!r}, 'w')",
    "deleting": "os.unlink({secret!r})",
    "renaming": "os.rename({secret!r}, 'mine')",
    "truncating": "os.truncate({secret!r}, 0)",
    "a folder outside": "os.mkdir('/tmp/markscheme-folder')",
    "shared memory": "open('/dev/shm/markscheme', 'w')",
    "the terminal": "open('/dev/tty', 'w')",
    "fork": "os.fork()",
    "subprocess": "subprocess.run(['/bin/true'])",
    "exec": "os.execv('/bin/true', ['true'])",
    "IPv4": "socket.socket(socket.AF_INET)",
    "IPv6": "socket.socket(socket.AF_INET6)",
    "unix socket": "socket.socket(socket.AF_UNIX)",
    "killing the grader": "os.kill({parent}, 9)",
    "killing everything": "os.kill(-1, 9)",
    "killing its group": "os.killpg(0, 9)",
    "a signal by pidfd": "os.pidfd_open({parent})",
    "slowing the grader": "os.setpriority(os.PRIO_PROCESS, {parent}, 19)",
    "limits of the grader": "__import__('resource').prlimit({parent}, 7, (3, 3))",
    "a device": "os.mknod('node', 0o600 | 0o20000, os.makedev(1, 1))",
    "another root": "os.chroot('.')",
    "memory file": "os.memfd_create('x')",
}


@linux
@pytest.mark.parametrize("line", ATTACKS.values(), ids=ATTACKS)
def test_the_child_reaches_nothing_outside(student: Any, line: str, tmp_path: Path) -> None:
    """Files, folders, processes and the network outside are denied, each by the kernel."""
    secret, root = tmp_path / "secret", Path(__file__).parents[1]
    secret.write_text("the key")
    line = line.format(
        parent=os.getpid(),
        secret=str(secret),
        unique=abs(hash(line)),
        checks=str(root / "problem_bank" / "families" / "code" / "linear_module.py"),
        solution=str(root / "solutions" / "numpy_nn" / "linear.py"),
    )
    # In namespaces it is not there at all; 18: no link or move across file systems, 30: they are read-only.
    assert student.denied(line) in ("denied", "absent", "error 18", "error 30"), line
    assert secret.read_text() == "the key"


@linux
@pytest.mark.parametrize(
    "call", ["ptrace(16, {parent}, 0, 0)", "syscall(310, {parent}, 0, 0, 0, 0, 0)", "unshare(1 << 28)"]
)
def test_raw_system_calls_are_denied(student: Any, call: str) -> None:
    """ptrace, reading another process's memory and new namespaces fail, also without Python's help."""
    assert student.denied("libc." + call.format(parent=os.getpid())) == "-1"


@linux
def test_changing_the_mode_of_a_file_outside_does_nothing(student: Any, tmp_path: Path) -> None:
    """Landlock does not cover chmod and utime; they pretend to work, and change nothing."""
    file = tmp_path / "file"
    file.write_text("")
    before = file.stat()
    student.denied(f"os.chmod({str(file)!r}, 0)")
    student.denied(f"os.utime({str(file)!r}, (1, 1))")
    assert (file.stat().st_mode, file.stat().st_mtime) == (before.st_mode, before.st_mtime)


@linux
@pytest.mark.parametrize(
    "line",
    [
        "open('plot.txt', 'w').write('x')",
        "os.makedirs('figures/one', exist_ok=True)",
        "(open('a', 'w').close(), shutil.copy('a', 'b'))",
        "np.savez('data.npz', x=np.ones(3))",
        "[t.start() or t.join() for t in [threading.Thread(target=print)]]",
        "__import__('tempfile').mkdtemp()",
        "__import__('zipfile').__name__",
    ],
)
def test_honest_code_still_works(student: Any, line: str) -> None:
    """Files in its own folder, copies, threads and the standard library are at hand."""
    assert student.denied(line) not in ("denied", "absent") and not student.denied(line).startswith("error")


def test_there_is_no_key_to_find(student: Any) -> None:
    """Neither modules, nor the environment, nor anything alive in the child is of ours or tells of a check."""
    ours = ("problem_bank", "solutions", "grader", "assignments", "markscheme")
    assert not [name for name in student.modules() if name.split(".")[0] in ours]
    threads = {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"}
    assert set(student.environment()) <= threads | {"MPLBACKEND", "HOME", "TMPDIR", "LC_CTYPE"}
    assert not [name for name in student.everything() if name.split(".")[0] in ours]


def test_our_own_packages_are_hidden_where_they_are_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of a folder of installed packages the child may read all but ours."""
    for name in ("numpy", "problem_bank", "solutions"):
        (tmp_path / "site" / name).mkdir(parents=True)
    hidden = frozenset(tmp_path / "site" / name for name in ("problem_bank", "solutions"))
    assert list(rules._visible(tmp_path / "site", hidden)) == [tmp_path / "site" / "numpy"]


def test_the_scratch_folder_is_gone_afterwards() -> None:
    """Nothing of a submission stays on the disk."""
    with Session({"a/b.py": b"x = 1"}, limits=LIMITS, seed=0) as session:
        scratch = session._process.scratch
        assert (scratch / "a" / "b.py").is_file()
    assert not scratch.exists()


def test_a_broken_prefix_does_not_wait_for_more() -> None:
    """Bytes that cannot begin a frame are refused before the rest arrives."""
    assert frames.measure(b"MK") is None
    with pytest.raises(Garbled):
        frames.measure(b"MX")
    with pytest.raises(Garbled):
        frames.measure(struct.pack("<4sII", MAGIC, CAP, CAP))


def test_filling_the_disk_is_stopped() -> None:
    """Many files within the limit of each are stopped by their sum."""
    fill = (
        b"def fill():\n    while True:\n        open(str(__import__('time').time_ns()), 'wb').write(bytes(1 << 20))\n"
    )
    with Session({"work.py": fill}, limits=Limits(scratch=16 << 20), seed=0) as session:
        session.begin()
        module = remote.load(session, "work.py")
        with pytest.raises((Died, StudentError), match=r"16 MiB|No space left"):
            module.fill()
