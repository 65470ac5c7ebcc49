import os


def f(x):
    home = os.getcwd()
    for _ in range(300):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
    os.mkdir("hidden", 0)
    os.chdir(home)
    return x
