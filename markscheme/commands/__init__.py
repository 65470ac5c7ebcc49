"""One file per command, each with a `command`."""
