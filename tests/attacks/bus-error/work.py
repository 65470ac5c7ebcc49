import mmap


def f(x):
    with open("mapped", "wb") as file:
        file.write(bytes(8192))
    with open("mapped", "r+b") as file:
        pages = mmap.mmap(file.fileno(), 8192)
        file.truncate(0)
        return pages[5000]
