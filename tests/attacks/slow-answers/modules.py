import time


class CrossEntropyModule:
    def forward(self, x, y):
        time.sleep(0.45)
        return x

    def backward(self, x, y):
        return x
