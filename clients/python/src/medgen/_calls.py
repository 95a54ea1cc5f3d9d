"""What every call needs: requests by name, pauses between tries, work off the loop."""

import asyncio
import hashlib
import pathlib
from typing import Any, AsyncIterator, Callable, Mapping, Tuple

from google.protobuf import json_format

from . import _protocol, errors

_LONGEST_PAUSE = 30.0  # s
_TRIES = 8


class Pauses:
    """Waits longer each time, for what passes by itself; anything else is raised."""

    def __init__(self) -> None:
        self._failures = 0

    def reset(self) -> None:
        self._failures = 0

    async def after(self, error: errors.MedGenError) -> None:
        self._failures += 1
        passes = error.code == "UNAVAILABLE" or (error.code == "RESOURCE_EXHAUSTED" and error.retry_after is not None)
        if not passes or self._failures >= _TRIES:
            raise error
        await asyncio.sleep(min(max(0.25 * 2**self._failures, error.retry_after or 0), _LONGEST_PAUSE))


def request_of(method: str, fields: Mapping[str, Any]) -> Any:
    message = _protocol.message(f"{method}Request")
    allowed = [one.name for one in message.DESCRIPTOR.fields]
    unknown = [errors.Violation(name, f"unknown; allowed: {', '.join(allowed)}.") for name in fields if name not in allowed]
    if unknown:
        raise errors.InvalidRequestError("INVALID_ARGUMENT", f"{method} has no such field", violations=unknown)
    try:
        return json_format.ParseDict({name: value for name, value in fields.items() if value is not None}, message())
    except json_format.ParseError as error:
        raise errors.InvalidRequestError("INVALID_ARGUMENT", str(error)) from None


def measure(path: pathlib.Path) -> Tuple[int, str]:
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


async def in_thread(work: Callable[..., Any], *arguments: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, work, *arguments)


async def each(items: Any) -> AsyncIterator[Any]:
    if hasattr(items, "__aiter__"):
        async for one in items:
            yield one
        return
    iterator = iter(items)
    end = object()
    while (one := await in_thread(next, iterator, end)) is not end:
        yield one
