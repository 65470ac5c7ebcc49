"""How it is marked: submissions read without trust, verdicts, results, feedback and the gradebook."""
