def f(x):
    with open("sparse", "wb") as file:
        file.truncate(1 << 40)
