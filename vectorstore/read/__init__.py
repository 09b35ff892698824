"""Files in, blocks of text out: one module a format, chosen by content."""

from vectorstore.read.archive import SUFFIXES, expand
from vectorstore.read.dispatch import read
from vectorstore.read.sandbox import SafeParser

__all__ = ["SUFFIXES", "SafeParser", "expand", "read"]
