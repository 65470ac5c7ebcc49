"""The problem bank: families of exercises, drawn for a key and proven before anyone sees them.

>>> import problem_bank
>>> variant = problem_bank.load("convolution.hand").draw("ada", level="easy")
>>> variant.mark(variant.key())["y"].status
<Status.RIGHT: 'right'>
"""

from problem_bank.bank import add_folder, ids, load

__all__ = ["add_folder", "ids", "load"]
