"""One YAML a prompt, and `template` to load, check and render them. Imports nothing of ours."""

from prompts.template import Prompt, PromptError, Rendered, load, load_file, names

__all__ = ["Prompt", "PromptError", "Rendered", "load", "load_file", "names"]
