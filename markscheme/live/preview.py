"""The pages of one family, drawn when somebody looks and something changed."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from markscheme.live import page
from markscheme.live.draw import Drawn, Order
from markscheme.live.process import draw
from markscheme.live.watch import Watch


@dataclass(frozen=True)
class _Good:
    """The last page of a level that was drawn, and when."""

    html: str
    time: str


class Preview:
    """Serves the page of each level; from any thread."""

    def __init__(self, order: Order, watch: Watch) -> None:
        self.watch = watch
        self._order = order
        self._drawing = threading.Lock()  # one draw at a time: an author has other uses for the other cores
        self._served: dict[tuple[int, str | None], str] = {}  # the last one only
        self._good: dict[str | None, _Good] = {}

    def page(self, level: str | None) -> str:
        """The page of this level (None: the one of the order) as the files are now; drawn if that was not done yet."""
        order = replace(self._order, level=level or self._order.level)
        with self._drawing:
            while not self.watch.ended:
                change = self.watch.number
                if (change, order.level) in self._served:
                    break
                drawn = draw(order, partial(self._current, change))
                if drawn:
                    self._served = {(change, order.level): self._compose(order.level, change, drawn)}
            return next(iter(self._served.values()), "")

    def _current(self, change: int) -> bool:
        return self.watch.number == change and not self.watch.ended

    def _compose(self, level: str | None, change: int, drawn: Drawn) -> str:
        """The new page, or else the last good one, under what is wrong."""
        if drawn.page:
            self._good[level] = _Good(drawn.page, f"{datetime.now():%H:%M:%S}")
            return page.with_news(drawn.page, change, drawn.troubles)
        good = self._good.get(level)
        shown = good.html if good else page.blank(self._order.family)
        return page.with_news(shown, change, drawn.troubles, older=good.time if good else "")
