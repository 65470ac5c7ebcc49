def f(x):
    endless = []
    endless.append(endless)
    return endless
