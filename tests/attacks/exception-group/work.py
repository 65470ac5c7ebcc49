def f(x):
    error = KeyboardInterrupt()
    for _ in range(10_000):
        error = BaseExceptionGroup("x" * 10_000, [error])
    raise error
