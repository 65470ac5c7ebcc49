def f(x):
    kept = []
    while True:
        kept.append(open("/dev/null"))
