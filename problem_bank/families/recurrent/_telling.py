"""Misconceptions of a recurrent step apply where they lead elsewhere: a ReLU hides some of them in some steps."""

from collections.abc import Mapping

from problem_bank.exercise import Earlier, Rule


def telling(right: Rule, wrong: Mapping[str, Rule], keys: Earlier) -> dict[str, Rule]:
    """The rules that differ from the right one after these keys."""
    return {name: rule for name, rule in wrong.items() if rule(keys) != right(keys)}
