"""A loopback `/v1/embeddings` whose vector of a text counts its characters, prefix left out."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIM = 64
_PREFIXES = ("query: ", "passage: ")


def count_characters(text: str) -> NDArray[np.float32]:
    """Texts that share characters point the same way; length 1."""
    for prefix in _PREFIXES:
        text = text.removeprefix(prefix)
    vector = np.full(DIM, 1e-3, dtype=np.float32)
    for character in text:
        vector[ord(character) % DIM] += 1
    return vector / np.linalg.norm(vector)


class CharacterEmbedder:
    """The same vectors in this process, for tests of what uses an embedder."""

    name = "characters"
    dim = DIM

    def passages(self, texts: Any) -> NDArray[np.float32]:
        return np.array([count_characters(text) for text in texts]).reshape(-1, DIM)

    def query(self, text: str) -> NDArray[np.float32]:
        return count_characters(text)


class EmbeddingServer:
    """Serves until the `with` block ends; `inputs` are the batches that were asked for."""

    def __init__(self) -> None:
        self.inputs: list[list[str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> EmbeddingServer:
        poll = {"poll_interval": 0.02}
        threading.Thread(target=self._server.serve_forever, kwargs=poll, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(outer) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the request's
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.inputs.append(body["input"])
                rows = [
                    {
                        "object": "embedding",
                        "index": i,
                        "embedding": (3 * count_characters(text)).tolist(),
                    }
                    for i, text in enumerate(body["input"])
                ]
                reply = {"object": "list", "model": body["model"], "data": rows[::-1]}
                payload = json.dumps(reply | {"usage": {"prompt_tokens": 1, "total_tokens": 1}})
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload.encode())

        return Handler
