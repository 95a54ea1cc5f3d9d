"""A job of a host, followed over connections that break."""

from typing import Any, AsyncIterator, Callable, Optional

import grpc

from . import _protocol, errors
from ._calls import Pauses, request_of
from .results import JobStatus, Progress

_ENDED = ("succeeded", "failed", "cancelled")

JobProgress = Callable[[Progress], None]


class AsyncJob:
    """A job of a host."""

    def __init__(self, client: Any, job_id: str) -> None:
        self._client = client
        self.job_id = job_id

    async def status(self) -> JobStatus:
        """How it stands."""
        return JobStatus.of(await self._client._call("Jobs", "GetJob", {"job_id": self.job_id}))

    async def cancel(self) -> JobStatus:
        """Asks it to stop: at once when queued, else at the next step."""
        return JobStatus.of(await self._client._call("Jobs", "CancelJob", {"job_id": self.job_id}))

    async def delete(self) -> None:
        """Removes it, with its events and its prompt, once it has ended. Its files stay."""
        await self._client._call("Jobs", "DeleteJob", {"job_id": self.job_id})

    async def events(self, after: int = 0) -> AsyncIterator[Any]:
        """Its events, the contract's messages, to its end. A connection that breaks is made again, and no event is told twice.

        Raises:
            MedGenError: the job has failed, with its reason; JobCancelledError: it was cancelled.
        """
        pauses = Pauses()
        while True:
            request = request_of("WatchJob", {"job_id": self.job_id, "after_event": after})
            call = self._client._service("Jobs").WatchJob(request, metadata=self._client._metadata)
            try:
                async for event in call:
                    after = event.number
                    pauses.reset()
                    yield event
                    if event.WhichOneof("payload") == "state":
                        state = _protocol.enum_name("JobState", event.state.state)
                        if state == "failed":
                            raise errors.of_job(event.state.error)
                        if state == "cancelled":
                            raise errors.JobCancelledError("CANCELLED", "the job was cancelled")
                        if state == "succeeded":
                            return
                if (await self.status()).state in _ENDED:
                    return
            except grpc.RpcError as error:
                await pauses.after(errors.of_call(error))
            finally:
                call.cancel()

    async def wait(self, progress: Optional[JobProgress] = None) -> JobStatus:
        """Follows it to its end; raises as `events` does."""
        async for event in self.events():
            if progress and event.WhichOneof("payload") == "progress":
                progress(Progress.of(event.progress))
        return await self.status()
