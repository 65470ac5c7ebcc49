"""One axis of a sliding window: how often it fits, and what it takes to fit a number of times."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Axis:
    """n pixels, a kernel side k, stride s, zeros in all (both sides together), dilation d."""

    n: int
    k: int
    s: int
    zeros: int = 0
    d: int = 1

    @property
    def cover(self) -> int:
        """Pixels from the first to the last weight."""
        return self.d * (self.k - 1) + 1

    @property
    def fits(self) -> int:
        """Windows that lie wholly inside."""
        return (self.n + self.zeros - self.cover) // self.s + 1

    @property
    def blocks(self) -> int:
        """Outputs with 'same' padding."""
        return -(-self.n // self.s)

    def largest(self, windows: int) -> int:
        """The largest kernel side that fits so often, without zeros."""
        return (self.n - (windows - 1) * self.s - 1) // self.d + 1

    def missing(self, windows: int) -> int:
        """The fewest zeros that let it fit so often."""
        return max(0, (windows - 1) * self.s + self.cover - self.n)

    def half(self, windows: int) -> int:
        """The same on each side, if both get as many."""
        return -(-self.missing(windows) // 2)
