"""Student code runs here, in a confined child process that knows no key and returns plain data only."""
