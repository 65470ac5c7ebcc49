"""Assignments of otter-grader, graded in our sandbox: otter itself is not needed."""
