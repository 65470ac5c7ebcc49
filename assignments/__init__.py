"""How exercises are set: assignments, courses, sheets and the documents made from them."""
