def f(x):
    return x * float("nan")
