class MLP(:
    pass
