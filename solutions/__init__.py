"""How the coursework is solved: reference code that stands alone and imports nothing of the toolkit."""
