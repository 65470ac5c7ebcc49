def f(x):
    raise ModuleNotFoundError("No module named 'numpy'")
