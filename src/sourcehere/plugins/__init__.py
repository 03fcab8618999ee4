"""
Plugins: which hooks there are, who implements them, and how providers are configured.

A plugin author needs `hookimpl` and the hooks in `sourcehere.plugins.hookspecs`;
whoever puts an application together needs `Registry`.
"""

from .hookspecs import hookimpl
from .registry import Registry

__all__ = ["Registry", "hookimpl"]
