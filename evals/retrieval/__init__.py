"""The retrieval suite: is the passage that answers found, among its look-alikes?"""

__all__: list[str] = []
