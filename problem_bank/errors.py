"""What can go wrong in the bank. Each message says where and what to do next.

BankError
├── BadGiven       a pinned value does not fit the family
├── UnknownFamily  no such family, or its file does not load
├── Rejected       one draw misses a condition; the next one may hold (never reaches a user)
├── DrawFailed     no draw met every condition
├── Crashed        the family's own code failed
└── Disproved      the two routes to a key disagree: a bug in the family, nothing is handed out
"""

from __future__ import annotations


class BankError(Exception):
    """Anything the problem bank reports to its user."""


class BadGiven(BankError):
    """A pinned value does not fit the family."""


class UnknownFamily(BankError):
    """No such family, or its file does not load."""


class Rejected(BankError):
    """One draw misses a condition, named by the message."""


class DrawFailed(BankError):
    """No draw met every condition within the allowed number of tries."""


class Crashed(BankError):
    """The family's own code raised an error."""


class Disproved(BankError):
    """Key and oracle disagree."""


class Unreadable(ValueError):
    """An answer that cannot be read; the message says what could be, never what is right."""
