"""Figures in Chinese official prose: found, normalised to exact decimals, named and scoped.

mask → scan → context → indicator → scope; see design/quantities.md.
"""

from vectorstore.quantities.extract import extract, extract_text
from vectorstore.quantities.numerals import Style, parse_number, render

__all__ = ["Style", "extract", "extract_text", "parse_number", "render"]
