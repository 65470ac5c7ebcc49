"""A small class on sample data: real answer sheets, and submissions with the usual troubles."""
