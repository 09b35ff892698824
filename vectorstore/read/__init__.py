"""Files in, blocks of text out: one module a format, chosen by content."""

from vectorstore.read.archive import SUFFIXES, expand
from vectorstore.read.dispatch import read

__all__ = ["SUFFIXES", "expand", "read"]
