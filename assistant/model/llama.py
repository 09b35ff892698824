"""The child process that runs llama.cpp: `python -m assistant.model.llama`.

A crash of it, or its memory running out, leaves the program that asked alive. It reads one JSON
line from stdin, says on stdout where it listens, and ends when stdin closes or its parent is gone.
"""

from __future__ import annotations

import json
import os
import select
import sys
from collections.abc import Mapping
from typing import Any

__all__ = ["main"]

# Prompt tokens read between two looks at whether the client is still there: three to six seconds on
# two cores. Reading in smaller batches is slower (15 tokens a second at 32, 38 at 128).
_BATCH = 128
_KEPT_PROMPTS_MIB = 256  # earlier prompts, so that what two requests begin with is read once


def main() -> None:
    """Serve until the parent closes stdin or dies."""
    parent = os.getppid()
    asked = json.loads(sys.stdin.readline())
    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # llama.cpp may print
    server = _server(asked)
    told.write(json.dumps({"url": f"{server.listening_address}/v1"}) + "\n")
    told.flush()
    while os.getppid() == parent:
        ready, _, _ = select.select([sys.stdin], [], [], 1.0)
        if ready and not os.read(0, 1):
            break
    os._exit(0)  # llama.cpp has nothing to save, and takes its time to leave


def _server(asked: Mapping[str, Any]) -> Any:
    import xllamacpp  # noqa: TID251 - the permitted importer

    params = xllamacpp.CommonParams()
    params.model.path = asked["model"]
    params.model_alias = {asked["name"]}
    params.hostnames = ["127.0.0.1"]
    params.port = asked["port"]
    params.api_keys = [asked["key"]]
    params.cors_origins = "null"  # no page in a browser may ask
    params.ui = False
    params.endpoint_slots = False  # it would show one user's prompt to another
    params.n_ctx = asked["context"]
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = asked["threads"]
    params.n_batch = params.n_ubatch = _BATCH
    params.cache_ram_mib = _KEPT_PROMPTS_MIB
    params.offline = True
    params.verbosity = 1  # errors
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main()
