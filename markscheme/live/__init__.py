"""A page that follows the file of a family: every save draws it anew, in a process of its own."""
