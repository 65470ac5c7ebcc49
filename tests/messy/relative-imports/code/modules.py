try:
    from .linear import LinearModule
except ImportError:
    from linear import LinearModule

__all__ = ['LinearModule']
