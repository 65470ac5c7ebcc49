"""Lines with convolutions, whose sizes follow a formula."""

from typing import NamedTuple

from problem_bank.families.tensors._cases import Case

_IN = "A convolution takes (batch, channels, height, width). "


class _Window(NamedTuple):
    """Kernel size, stride, padding."""

    k: int
    stride: int = 1
    padding: int = 0

    def __str__(self) -> str:
        """As the arguments of a layer, without those that are the default."""
        options = (f", {name}={value}" for name, value in (("stride", self.stride), ("padding", self.padding)))
        return f"{self.k}" + "".join(o for o in options if not o.endswith(("stride=1", "padding=0")))

    def fits(self, n: int, pads: int = 2) -> int:
        """How often the window fits."""
        return (n + pads * self.padding - self.k) // self.stride + 1

    def spreads(self, n: int, pads: int = 2) -> int:
        """How far a transposed convolution reaches."""
        return (n - 1) * self.stride + self.k - pads * self.padding


DOWN = (_Window(3), _Window(5, 1, 1), _Window(3, 2, 1), _Window(5, 2, 1), _Window(4, 2, 1))
UP = (_Window(4, 2, 1), _Window(3, 2), _Window(2, 2), _Window(3, 2, 1), _Window(5, 3, 1))


def down(of: dict[str, int], number: int) -> Case:
    """A convolution of an image, or of one with its channels at the end."""
    sides = of["s"] + 10, of["t"] + 10
    if number == len(DOWN):
        return Case("nn.Conv2d({q}, {r}, 3)(x)", f"p {sides[0]} {sides[1]} q", f"! q {sides[0]}",
                    _IN + f"Here the second size is {sides[0]}, and not {{q}}.",
                    {"channels_last": f"p {sides[0] - 2} {sides[1] - 2} r"})  # fmt: skip
    window = DOWN[number]
    wrong = {"kernel_ignored": _image("r", window._replace(k=1), sides), "channels_kept": _image("q", window, sides)}
    if window.padding:
        wrong["padding_once"] = f"p r {' '.join(str(window.fits(n, 1)) for n in sides)}"
    division = f", divided by {window.stride} and rounded down" if window.stride > 1 else ""
    why = f"Along each side the window moves n + 2 · {window.padding} - {window.k} pixels{division}; then 1 is added."
    return Case(f"nn.Conv2d({{q}}, {{r}}, {window})(x)", f"p q {sides[0]} {sides[1]}", _image("r", window, sides),
                _IN + why, wrong)  # fmt: skip


def up(of: dict[str, int], number: int) -> Case:
    """A transposed convolution, or one that expects other channels."""
    sides = of["s"] + 2, of["t"] + 2
    shape = f"p q {sides[0]} {sides[1]}"
    if number == len(UP):
        return Case("nn.ConvTranspose2d({r}, {q}, 2, stride=2)(x)", shape, "! q r",
                    "The first number of a layer is that of the channels that come **in**, transposed or not: it "
                    "expects {r}, and gets {q}.",
                    {"turned": f"p r {2 * sides[0]} {2 * sides[1]}"})  # fmt: skip
    window = UP[number]

    def reached(window: _Window, pads: int = 2) -> str:
        return f"p r {' '.join(str(window.spreads(n, pads)) for n in sides)}"

    wrong = {"as_forward": _image("r", window, sides), "kernel_ignored": reached(window._replace(k=1))}
    if window.padding:
        wrong |= {"padding_once": reached(window, 1), "padding_ignored": reached(window, 0)}
    why = f"Along each side it reaches (n - 1) · {window.stride} + {window.k} - 2 · {window.padding} pixels."
    return Case(f"nn.ConvTranspose2d({{q}}, {{r}}, {window})(x)", shape, reached(window), why, wrong)


def _image(channels: str, window: _Window, sides: tuple[int, int]) -> str:
    return f"p {channels} {' '.join(str(window.fits(n)) for n in sides)}"
