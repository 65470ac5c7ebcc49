from part1.linear import LinearModule

NAME = 'group 7'.title()
