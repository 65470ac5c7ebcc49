"""What is started beside student code: `python -I entry.py child|zygote ...`.

It loads this folder as a package under a private name that no submission uses; of the rest of the
project nothing is there to be imported.
"""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path

if __name__ == "__main__":
    package = types.ModuleType("_markscheme")
    package.__path__ = [str(Path(__file__).parent)]
    sys.modules["_markscheme"] = package
    importlib.import_module("_markscheme." + sys.argv[1]).main(*sys.argv[2:])
