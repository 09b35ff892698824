"""Chat models: an OpenAI-compatible endpoint (`openai`) and a scripted one (`scripted`).

Both are LangChain chat models whose failures are `assistant.errors.LLMError`. The modules are not
imported here: LangChain's OpenAI adapter costs over a second, and most commands need no model.
"""

from assistant.llm.text import Wait, stream_text, tracing_off

__all__ = ["Wait", "stream_text", "tracing_off"]
