"""Serve: `python -m examples.web --playground`, or with `--keys FILE` for tenants of one's own."""

from __future__ import annotations

import argparse
import socket
from pathlib import Path
from types import FrameType

import uvicorn

from .playground import playground
from .service import Service
from .tiers import Tenants


class Server(uvicorn.Server):
    """uvicorn waits for all responses before it tells the application of its end: `Service.end` is told before."""

    service: Service

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.service.end()
        super().handle_exit(sig, frame)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m examples.web", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000, help="0 for any that is free")
    parser.add_argument("--keys", type=Path, help='JSON: {"key": {"name": "ann", "tier": "free"}}')
    parser.add_argument("--playground", action="store_true", help="serve the page for trying scripts out")
    options = parser.parse_args()

    tenants = Tenants()
    if options.keys is not None:
        tenants.load(options.keys)
    service = Service(tenants, playground(tenants) if options.playground else None)
    config = uvicorn.Config(
        service.app,
        log_level="warning",
        limit_concurrency=1_000,  # connections; beyond that uvicorn itself answers 503
        timeout_graceful_shutdown=10,
        h11_max_incomplete_event_size=16 * 1024,  # of headers
    )
    with socket.create_server((options.host, options.port), backlog=1_024) as listener:
        print(f"http://{options.host}:{listener.getsockname()[1]}", flush=True)
        server = Server(config)
        server.service = service
        server.run([listener])


if __name__ == "__main__":
    main()
