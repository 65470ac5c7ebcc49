def f(x):
    endless = {}
    endless["x"] = endless
    for _ in range(50):
        endless = (endless,)
    return endless
