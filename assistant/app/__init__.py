"""The web page: Gradio mounted in FastAPI, over the same functions as the command line.

`assistant.app.server.serve` starts it. Nothing is imported here, so that reading this package's
records does not load Gradio.
"""

__all__: list[str] = []
