class LinearModule(:
