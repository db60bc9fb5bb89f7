"""The way to a language model: any endpoint that speaks OpenAI's chat completions."""

import asyncio
import json
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import httpx

from monitor.edges.authorities import trusted
from monitor.errors import ModelError

_LARGEST = 200_000  # bytes of one answer


class Model:
    """One model at one endpoint; `async with` opens and closes the connection."""

    def __init__(self, url: str, name: str, key: str, timeout: float) -> None:
        """Take the endpoint up to /v1, the model's name, its key ("": none) and the seconds one answer may take."""
        self._url, self._name = f"{url.rstrip('/')}/chat/completions", name
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._seconds = timeout
        self._client = httpx.AsyncClient(timeout=timeout, headers=headers, verify=trusted())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def ask(self, messages: Sequence[dict[str, str]]) -> str:
        """Return the model's answer to a conversation; raises ModelError, which never holds the key."""
        body = {"model": self._name, "messages": list(messages), "temperature": 0, "max_tokens": 300}
        try:
            async with asyncio.timeout(self._seconds):
                content = await self._post(body)
            return str(json.loads(content)["choices"][0]["message"]["content"])
        except httpx.HTTPStatusError as fault:
            raise ModelError(f"the model answered {fault.response.status_code}") from None
        except (httpx.TimeoutException, TimeoutError):
            raise ModelError("the model did not answer in time") from None
        except httpx.HTTPError as fault:
            raise ModelError(f"the model cannot be reached ({type(fault).__name__})") from None
        except (ValueError, LookupError, TypeError, RecursionError):
            raise ModelError("the model's answer is not of the OpenAI form") from None

    async def _post(self, body: dict[str, object]) -> bytes:
        """Return the body of the answer, read up to a bound."""
        content = bytearray()
        async with self._client.stream("POST", self._url, json=body) as answer:
            answer.raise_for_status()
            async for chunk in answer.aiter_bytes():
                content += chunk
                if len(content) > _LARGEST:
                    raise ModelError("the model's answer is too large")
        return bytes(content)
