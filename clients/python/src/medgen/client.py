"""The client for code without asyncio: the same calls, each made on a loop in a thread of the client's own. So it works in a notebook, too."""

import asyncio
import threading
from typing import Any, Iterator, List, Mapping, Optional, Sequence, Union

from .aio import AsyncClient, ByteProgress, Source
from .dicom import Dicom
from .jobs import AsyncJob, JobProgress
from .results import Analysis, Artifact, AugmentedDataset, GeneratedClip, JobStatus, Labels


class _Loop:
    """A loop in a thread, one for all clients of the process: grpc.aio complains where there are several."""

    _only: "Optional[_Loop]" = None
    _lock = threading.Lock()

    @classmethod
    def shared(cls) -> "_Loop":
        with cls._lock:
            if cls._only is None:
                cls._only = cls()
            return cls._only

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="medgen", daemon=True).start()

    def run(self, work: Any) -> Any:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()  # Ctrl-C ends the call, too
            raise

    def each(self, items: Any) -> Iterator[Any]:
        try:
            while True:
                try:
                    yield self.run(items.__anext__())
                except StopAsyncIteration:
                    return
        finally:
            self.run(items.aclose())


class Client:
    """A connection to a host's gRPC port; arguments and methods as those of `medgen.aio.AsyncClient`. Close it, or use it with `with`."""

    def __init__(self, host: str = "127.0.0.1:8470", **arguments: Any) -> None:
        self._loop = _Loop.shared()

        async def connect() -> AsyncClient:
            return AsyncClient(host, **arguments)

        self._client: AsyncClient = self._loop.run(connect())
        self.dicom = Dicom(self._loop, self._client.dicom)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection and the calls on it; jobs go on."""
        self._loop.run(self._client.close())

    def upload(
        self, source: Source, *, name: str = "", media_type: str = "", patient: str = "", progress: Optional[ByteProgress] = None
    ) -> Artifact:
        """Stores a file, or frames as a film without loss."""
        return self._loop.run(self._client.upload(source, name=name, media_type=media_type, patient=patient, progress=progress))

    def download(self, artifact: Union[Artifact, str], path: Any, *, progress: Optional[ByteProgress] = None) -> Any:
        """Fetches a file; gives its path."""
        return self._loop.run(self._client.download(artifact, path, progress=progress))

    def artifacts(self, limit: int = 50) -> List[Artifact]:
        """Stored files, newest first."""
        return self._loop.run(self._client.artifacts(limit))

    def delete(self, artifact: Union[Artifact, str]) -> None:
        """Removes a file."""
        self._loop.run(self._client.delete(artifact))

    def generate(self, prompt: str, **options: Any) -> GeneratedClip:
        """Makes a clip; `clip.frames` are its frames, `out=PATH` saves it."""
        return self._loop.run(self._client.generate(prompt, **options))

    def analyze(self, source: Union[Source, Mapping[str, Source]], task: str, **options: Any) -> Analysis:
        """Says what a clip shows."""
        return self._loop.run(self._client.analyze(source, task, **options))

    def classify(self, source: Source, task: str = "imaging-modality", **options: Any) -> Labels:
        """The labels of a clip as a whole."""
        return self._loop.run(self._client.classify(source, task, **options))

    def live(self, frames: Any, task: str, **options: Any) -> Iterator[Any]:
        """Analyses frames while they are made."""
        return self._loop.each(self._client.live(frames, task, **options))

    def augment(self, dataset: Source, **options: Any) -> AugmentedDataset:
        """Makes a labelled data set larger."""
        return self._loop.run(self._client.augment(dataset, **options))

    def curate(self, films: Any, out: Any, **options: Any) -> Any:
        """Makes a captioned data set out of films in a folder of the host's machine; see `AsyncClient.curate`."""
        return self._loop.run(self._client.curate(films, out, **options))

    def job(self, job_id: str) -> "Job":
        """A job by its id."""
        return Job(self._loop, self._client.job(job_id))

    def jobs(self, limit: int = 50, *, state: str = "") -> List[JobStatus]:
        """Jobs, newest first."""
        return self._loop.run(self._client.jobs(limit, state=state))

    def model(self, name: str = "") -> Any:
        """What is known of a model, the resident one by default."""
        return self._loop.run(self._client.model(name))

    def system(self) -> Any:
        """How full the host's memory, disk and queue are, for operators and administrators."""
        return self._loop.run(self._client.system())

    def plugins(self) -> Sequence[Any]:
        """The host's plugins."""
        return self._loop.run(self._client.plugins())


class Job:
    """A job of a host, as `medgen.aio.AsyncJob`."""

    def __init__(self, loop: _Loop, job: AsyncJob) -> None:
        self._loop = loop
        self._job = job
        self.job_id = job.job_id

    def status(self) -> JobStatus:
        """How it stands."""
        return self._loop.run(self._job.status())

    def cancel(self) -> JobStatus:
        """Asks it to stop."""
        return self._loop.run(self._job.cancel())

    def delete(self) -> None:
        """Removes it, with its events and its prompt, once it has ended. Its files stay."""
        self._loop.run(self._job.delete())

    def events(self, after: int = 0) -> Iterator[Any]:
        """Its events to its end."""
        return self._loop.each(self._job.events(after))

    def wait(self, progress: Optional[JobProgress] = None) -> JobStatus:
        """Follows it to its end."""
        return self._loop.run(self._job.wait(progress))
