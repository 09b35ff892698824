"""From cleaned blocks to a report: title, organisation, year, heading tree, official parts."""

from vectorstore.outline.build import outline

__all__ = ["outline"]
