"""What the families of one subject share: networks, dropout, layers, computation graphs."""
