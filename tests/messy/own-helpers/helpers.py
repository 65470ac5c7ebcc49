from tools.maths import product


def affine(x, w, b):
    return product(x, w.T) + b
