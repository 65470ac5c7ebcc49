"""What is said about marked submissions; every writer here only reads the report."""
