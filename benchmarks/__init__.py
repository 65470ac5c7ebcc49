"""The figures that Markscheme promises, measured. `make bench` runs them all, and fails when one is missed."""
