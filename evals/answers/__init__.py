"""The answer suite: accuracy, figures and citations of answers to the question set."""

__all__: list[str] = []
