"""The layers of a convolutional network and the update rules, as free functions and as classes: a model solution.

`layers.py`, `modules.py` and `optimisers.py` are the files that the exercises ask for. Each needs NumPy alone.
"""
