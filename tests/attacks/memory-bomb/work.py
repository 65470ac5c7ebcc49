def f(x):
    kept = []
    while True:
        kept.append(bytes(1 << 24))
