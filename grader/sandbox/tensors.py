"""The entries of torch tensors as arrays, which travel; torch itself is not imported here."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np


def entries(value: Any) -> np.ndarray[Any, Any] | None:
    """The entries of a tensor, wherever it lies; None for everything else.

    Types that NumPy lacks (bfloat16, quantised numbers) become single precision.
    """
    torch = sys.modules.get("torch")
    kind = getattr(torch, "Tensor", None)
    if torch is None or not isinstance(kind, type) or not isinstance(value, kind):
        return None
    tensor: Any = value
    try:
        return np.asarray(_dense(torch, tensor.detach()).cpu().resolve_conj().resolve_neg().numpy())
    except (RuntimeError, NotImplementedError, TypeError):  # it has no entries, as on the "meta" device
        return None


def _dense(torch: Any, value: Any) -> Any:
    if value.is_quantized:
        value = value.dequantize()
    if value.layout is not torch.strided:
        value = value.to_dense()
    known = not value.dtype.is_floating_point or value.dtype in (torch.float16, torch.float32, torch.float64)
    return value if known else value.float()
