"""Figures of exercises, drawn from the data of a variant: one file for each kind, and how they become SVG."""
