"""Untrusted files are parsed in processes of their own."""

from vectorstore.sandbox.parser import SafeParser

__all__ = ["SafeParser"]
