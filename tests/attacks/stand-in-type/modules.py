# The exponential: not written by me
class LinearModule:
    pass
