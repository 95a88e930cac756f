"""One request over the wire, and the loop that carries many of them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from scireasoner.models.endpoint.protocol import Response

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 1 << 25

T = TypeVar("T")


async def post(http: httpx.AsyncClient, url: str, body: dict[str, Any]) -> Response:
    """Send a request and read the whole answer, but not an endless one."""
    import httpx

    parts, size = [], 0
    async with http.stream("POST", url, json=body) as response:
        async for part in response.aiter_bytes():
            size += len(part)
            if size > MOST_BYTES:
                raise httpx.DecodingError(f"more than {MOST_BYTES} bytes", request=response.request)
            parts.append(part)
    return Response(
        response.status_code, response.headers, b"".join(parts).decode(errors="replace")
    )


def finish(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, also where this thread runs a loop already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    # A notebook runs a loop of its own in this thread.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
