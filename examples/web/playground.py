"""The page for trying scripts out: a tenant of each class whose key is the page's, made anew with each start.

Whoever reaches the page may run scripts and see the pools: it is for one's own machine.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from .tiers import TIERS, Tenant, Tenants

FOLDER = Path(__file__).resolve().parent / "page"
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def playground(tenants: Tenants) -> list[BaseRoute]:
    """The page's routes; its tenants are added."""
    presets = []
    for tier in TIERS.values():
        key = secrets.token_urlsafe(24)
        tenants.add(key, Tenant(f"playground {tier.name}", tier, operator=True))
        limits = tier.level.limits
        presets.append(
            {
                "name": tier.level.value,
                "tier": tier.name,
                "key": key,
                "timeout": limits.timeout,
                "max_iterations": limits.max_iterations,
                "memory": tier.pool.memory_limit_per_worker,
                "max_workers": tier.pool.max_workers,
            }
        )

    async def told(_: Request) -> Response:
        return Response(json.dumps(presets), media_type="application/json", headers=HEADERS)

    def file(path: str, name: str) -> Route:
        async def served(_: Request) -> Response:
            return FileResponse(FOLDER / name, headers=HEADERS)

        return Route(path, served, methods=["GET"])

    return [
        Route("/presets", told, methods=["GET"]),
        file("/", "index.html"),
        *(file(f"/{name}", name) for name in ("page.css", "page.js", "editor.js", "icon.svg")),
    ]
