"""`python -m markscheme`"""

from markscheme.cli import main

main()
