class Lying(type):
    __name__ = property(lambda cls: 1 / 0)

    def __instancecheck__(cls, instance):
        return True


class Liar(metaclass=Lying):
    __class__ = property(lambda self: float)

    def __len__(self):
        return -1


def f(x):
    return Liar()
