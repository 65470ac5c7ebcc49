"""What every draw needs and no change of a family touches, imported once, in the process that draws are forked from."""

import numpy as np
import sympy

import markscheme.live.draw
import markscheme.live.formulas
import markscheme.live.page

__all__ = ["markscheme", "np", "sympy"]

markscheme.live.page.with_news(markscheme.live.page.blank("warm"), 0, ())  # compiles the templates
