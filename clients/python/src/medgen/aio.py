"""The client for asyncio. `medgen.Client` is the same for everybody else."""

import asyncio
import hashlib
import mimetypes
import os
import pathlib
import tempfile
import uuid
from typing import Any, AsyncIterator, Callable, Dict, List, Mapping, Optional, Sequence, Tuple, Union

import grpc
from google.protobuf import json_format

from . import _protocol, errors, video
from ._calls import Pauses, each, in_thread, measure, request_of
from .dicom import AsyncDicom
from .jobs import AsyncJob, JobProgress
from .results import Analysis, Artifact, AugmentedDataset, GeneratedClip, JobStatus, Labels, Progress

_CHUNK = 64 * 1024

Source = Any  # a path, an array of frames, or an Artifact
ByteProgress = Callable[[int, int], None]  # bytes done, bytes in all


class AsyncClient:
    """A connection to a host's gRPC port. One client serves any number of calls at once.

    Args:
        host: address without a scheme, for instance "medgen.hospital.local:8470".
        token: bearer token; None: that of the environment variable MEDGEN_TOKEN, if there is one.
        tls: switches TLS on, with the authorities that grpcio trusts.
        ca: PEM file of the authorities to trust instead; switches TLS on, too.
        certificate, key: PEM files of an own certificate and its key, for a host that asks for one.
    """

    def __init__(
        self,
        host: str = "127.0.0.1:8470",
        *,
        token: Optional[str] = None,
        tls: bool = False,
        ca: Optional[Union[str, os.PathLike]] = None,
        certificate: Optional[Union[str, os.PathLike]] = None,
        key: Optional[Union[str, os.PathLike]] = None,
    ) -> None:
        if (certificate is None) != (key is None):
            raise ValueError("certificate and key: give both or neither")
        if certificate is not None and not (tls or ca):
            raise ValueError("certificate: needs ca or tls")
        token = token or os.environ.get("MEDGEN_TOKEN")
        self._metadata: List[Tuple[str, str]] = [("authorization", f"Bearer {token}")] if token else []
        if tls or ca:
            read = [pathlib.Path(one).read_bytes() if one else None for one in (ca, key, certificate)]
            self._channel = grpc.aio.secure_channel(host, grpc.ssl_channel_credentials(*read))
        else:
            self._channel = grpc.aio.insecure_channel(host)
        self._services: Dict[str, _protocol.Service] = {}
        self.dicom = AsyncDicom(self)

    async def __aenter__(self) -> "AsyncClient":
        return self

    async def __aexit__(self, *_: Any) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends the connection and the calls on it; jobs go on."""
        await self._channel.close()

    # Files

    async def upload(
        self, source: Source, *, name: str = "", media_type: str = "", patient: str = "", progress: Optional[ByteProgress] = None
    ) -> Artifact:
        """Stores a file, or frames as a film without loss.

        Args:
            source: a path, or uint8 [frames, height, width, 3]; an Artifact is given back as it is.
            name: file name; empty: that of the path.
            patient: pseudonym of the patient whose it is; never a name or a hospital's number.
        """
        if isinstance(source, Artifact):
            return source
        if not isinstance(source, (str, os.PathLike)):
            with tempfile.TemporaryDirectory(prefix="medgen-") as folder:
                still = getattr(source, "ndim", 4) == 3 or len(source) == 1
                path = pathlib.Path(folder) / ("frame.png" if still else "frames.mkv")
                await in_thread(video.write_frames, path, source)
                return await self.upload(path, name=name, media_type=media_type, patient=patient, progress=progress)
        path = pathlib.Path(source)
        size, digest = await in_thread(measure, path)
        metadata = _protocol.message("UploadMetadata")(
            sha256=digest,
            name=name or path.name,
            media_type=media_type or mimetypes.guess_type(path.name)[0] or "application/octet-stream",
            size_bytes=size,
            patient_pseudonym=patient,
            idempotency_key=uuid.uuid4().hex,
        )
        part = _protocol.message("UploadArtifactRequest")

        async def parts() -> AsyncIterator[Any]:
            yield part(metadata=metadata)
            done = 0
            with path.open("rb") as file:
                while chunk := await in_thread(file.read, _CHUNK):
                    yield part(chunk=chunk)
                    done += len(chunk)
                    if progress:
                        progress(done, size)

        return Artifact.of(await self._again(lambda: self._service("Artifacts").UploadArtifact(parts(), metadata=self._metadata)))

    async def download(
        self, artifact: Union[Artifact, str], path: Union[str, os.PathLike], *, progress: Optional[ByteProgress] = None
    ) -> pathlib.Path:
        """Fetches a file. It gets its name when its SHA-256 is right; a connection that breaks goes on where it was."""
        artifact_id = artifact if isinstance(artifact, str) else artifact.artifact_id
        target = pathlib.Path(path)
        partial = target.with_name(target.name + ".part")
        digest = hashlib.sha256()
        done = 0
        stated: Optional[Artifact] = None
        try:
            with partial.open("wb") as file:
                pauses = Pauses()
                while stated is None or done < stated.size_bytes:
                    request = _protocol.message("DownloadArtifactRequest")(artifact_id=artifact_id, offset_bytes=done)
                    try:
                        async for one in self._service("Artifacts").DownloadArtifact(request, metadata=self._metadata):
                            if one.WhichOneof("part") == "artifact":
                                stated = Artifact.of(one.artifact)
                            else:
                                digest.update(one.chunk)
                                await in_thread(file.write, one.chunk)
                                done += len(one.chunk)
                                pauses.reset()
                                if progress and stated:
                                    progress(done, stated.size_bytes)
                    except grpc.RpcError as error:
                        await pauses.after(errors.of_call(error))
            if digest.hexdigest() != stated.sha256:
                raise errors.MedGenError("DATA_LOSS", f"{stated.name} arrived damaged")
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        return target

    async def artifacts(self, limit: int = 50) -> List[Artifact]:
        """Stored files, newest first."""
        return [Artifact.of(one) async for one in self._pages("Artifacts", "ListArtifacts", "artifacts", limit)]

    async def delete(self, artifact: Union[Artifact, str]) -> None:
        """Removes a file."""
        artifact_id = artifact if isinstance(artifact, str) else artifact.artifact_id
        await self._call("Artifacts", "DeleteArtifact", {"artifact_id": artifact_id})

    # Work

    async def generate(
        self,
        prompt: str,
        *,
        out: Optional[Union[str, os.PathLike]] = None,
        first_frame: Source = None,
        source: Source = None,
        progress: Optional[JobProgress] = None,
        preview: Optional[Callable[[bytes], None]] = None,
        **options: Any,
    ) -> GeneratedClip:
        """Makes a clip from text, from text and a picture that it begins with, or from text and a clip.

        Args:
            prompt: what to show, 1 to 4,000 characters.
            out: where to save the clip; None: it is fetched when it is asked for.
            first_frame, source: a path, an array, or an Artifact.
            progress: called with each Progress.
            preview: called with PNG files of what is coming; with `preview_interval`.
            options: further fields of GenerateVideoRequest in protos/medgen/v1/generation.proto, for instance width, height, num_frames, seed,
                num_inference_steps, guidance_scale, negative_prompt, wan={"shift": 3}, options={"priority": "JOB_PRIORITY_BULK"}.
        """
        fields = dict(options, prompt=prompt)
        if first_frame is not None:
            fields["first_frame_artifact_id"] = (await self.upload(first_frame)).artifact_id
        if source is not None:
            fields["source_artifact_id"] = (await self.upload(source)).artifact_id
        job = await self._start("Generation", "GenerateVideo", fields)
        artifact, warnings = None, []
        async for event in job.events():
            kind = event.WhichOneof("payload")
            if kind == "result":
                artifact = Artifact.of(event.result)
            elif kind == "warning":
                warnings.append(event.warning.message)
            elif kind == "preview" and preview:
                preview(event.preview.png)
            elif kind == "progress" and progress:
                progress(Progress.of(event.progress))
        assert artifact is not None  # a job that has succeeded has told its result
        path = await self.download(artifact, out) if out is not None else None
        return GeneratedClip(artifact, job.job_id, artifact.message.provenance.seed, warnings, self._fetcher(artifact), path)

    async def analyze(
        self,
        source: Union[Source, Mapping[str, Source]],
        task: str,
        *,
        parameters: Optional[Mapping[str, Any]] = None,
        plugin: str = "",
        progress: Optional[JobProgress] = None,
        **options: Any,
    ) -> Analysis:
        """Says what a clip shows.

        Args:
            source: a path, an array of frames, or an Artifact; for an analysis of several clips a mapping of roles to them.
            task: for instance "imaging-modality"; `plugins()` lists what there is.
            parameters: of the analyzer, by its schema.
            options: further fields of AnalyzeVideoRequest.
        """
        clips = source if isinstance(source, Mapping) else {"": source}
        inputs = [{"artifact_id": (await self.upload(clip)).artifact_id, "role": role} for role, clip in clips.items()]
        fields = dict(options, inputs=inputs, task=task, plugin_id=plugin, parameters=dict(parameters or {}), omit_interim=True)
        job = await self._start("Analysis", "AnalyzeVideo", fields)
        findings: List[Any] = []
        summary = None
        async for event in job.events():
            kind = event.WhichOneof("payload")
            if kind == "findings" and not event.findings.interim:
                findings.extend(event.findings.findings)
            elif kind == "analysis_summary":
                summary = event.analysis_summary
            elif kind == "progress" and progress:
                progress(Progress.of(event.progress))
        assert summary is not None  # a job that has succeeded has told it
        return Analysis(job.job_id, task, f"{summary.analyzer.plugin_id} {summary.analyzer.plugin_version}", summary.frames_analyzed, findings)

    async def classify(self, source: Source, task: str = "imaging-modality", **options: Any) -> Labels:
        """The labels of a clip as a whole; `analyze` says more."""
        return (await self.analyze(source, task, **options)).labels()

    async def live(
        self,
        frames: Any,
        task: str,
        *,
        frames_per_second: float = 0,
        parameters: Optional[Mapping[str, Any]] = None,
        plugin: str = "",
    ) -> AsyncIterator[Any]:
        """Analyses frames while they are made; gives the contract's findings as they come, and stores nothing.

        Args:
            frames: arrays uint8 [height, width, 3] of one size, or pairs of a time in seconds and such an array; any iterable, async or not. Without
                times `frames_per_second` spaces them.
        """
        message = _protocol.message("StreamFramesRequest")

        async def messages() -> AsyncIterator[Any]:
            index = 0
            async for one in each(frames):
                seconds, picture = one if isinstance(one, tuple) else (index / (frames_per_second or 1.0), one)
                if index == 0:
                    config = {"task": task, "plugin_id": plugin, "width": picture.shape[1], "height": picture.shape[0],
                              "frames_per_second": frames_per_second, "parameters": dict(parameters or {})}
                    yield json_format.ParseDict({"config": config}, message())
                request = message()
                request.frame.rgb24 = picture.tobytes()
                request.frame.timestamp.FromNanoseconds(round(1e9 * seconds))
                yield request
                index += 1

        call = self._service("Analysis").StreamFrames(messages(), metadata=self._metadata)
        try:
            async for response in call:
                for finding in response.findings.findings:
                    yield finding
        except grpc.RpcError as error:
            raise errors.of_call(error) from error
        finally:
            call.cancel()

    async def augment(
        self,
        dataset: Source,
        *,
        spec: str = "",
        out: Optional[Union[str, os.PathLike]] = None,
        progress: Optional[JobProgress] = None,
        **options: Any,
    ) -> AugmentedDataset:
        """Makes a labelled data set larger.

        Args:
            dataset: a tar file of it (docs/augmentation.md), or an Artifact; for folders of the host's machine None and `folders={…}`.
            spec: the specification as JSON; empty: classic augmentation up to the largest class.
            out: where to save the tar file that comes back.
            options: further fields of AugmentDatasetRequest.
        """
        fields = dict(options, spec_json=spec)
        if dataset is not None:
            fields["dataset_artifact_id"] = (await self.upload(dataset)).artifact_id
        job = await self._start("Augmentation", "AugmentDataset", fields)
        artifact, summary = None, None
        async for event in job.events():
            kind = event.WhichOneof("payload")
            if kind == "result":
                artifact = Artifact.of(event.result)
            elif kind == "augmentation_summary":
                summary = event.augmentation_summary
            elif kind == "progress" and progress:
                progress(Progress.of(event.progress))
        assert summary is not None  # a job that has succeeded has told it
        path = await self.download(artifact, out) if artifact is not None and out is not None else None
        return AugmentedDataset(job.job_id, summary.real, summary.made, summary.kept, dict(summary.rejected), artifact, path)

    async def curate(
        self,
        films: Union[str, os.PathLike],
        out: Union[str, os.PathLike],
        *,
        spec: str = "",
        progress: Optional[JobProgress] = None,
        **options: Any,
    ) -> Any:
        """Makes a captioned data set out of films.

        Args:
            films: a folder of the host's machine, one of those that the host allows.
            out: the folder to write there.
            spec: the specification as JSON (docs/curation.md); empty: its defaults.
            options: further fields of CurateVideosRequest.

        Returns:
            The contract's message CurationSummary, with the funnel.
        """
        folders = {"data_folder": os.fspath(films), "output_folder": os.fspath(out)}
        job = await self._start("Curation", "CurateVideos", dict({"folders": folders, "spec_json": spec}, **options))
        summary = None
        async for event in job.events():
            kind = event.WhichOneof("payload")
            if kind == "curation_summary":
                summary = event.curation_summary
            elif kind == "progress" and progress:
                progress(Progress.of(event.progress))
        assert summary is not None  # a job that has succeeded has told it
        return summary

    # What there is

    def job(self, job_id: str) -> AsyncJob:
        """A job by its id, for instance one that another process has started."""
        return AsyncJob(self, job_id)

    async def jobs(self, limit: int = 50, *, state: str = "") -> List[JobStatus]:
        """Jobs, newest first; with `state` those in it alone."""
        number = _protocol.enum_number("JobState", state) if state else 0
        return [JobStatus.of(one) async for one in self._pages("Jobs", "ListJobs", "jobs", limit, state=number)]

    async def model(self, name: str = "") -> Any:
        """What is known of a model, the resident one by default: the contract's message."""
        return await self._call("Models", "GetModel", {"name": name})

    async def system(self) -> Any:
        """How full the host's memory, disk and queue are, for operators and administrators: the contract's message."""
        return await self._call("Operations", "GetSystem", {})

    async def plugins(self) -> Sequence[Any]:
        """The host's plugins: the contract's messages."""
        return list((await self._call("Plugins", "ListPlugins", {})).plugins)

    # Below

    def _service(self, name: str) -> _protocol.Service:
        if name not in self._services:
            self._services[name] = _protocol.Service(self._channel, name)
        return self._services[name]

    async def _call(self, service: str, method: str, fields: Mapping[str, Any]) -> Any:
        request = request_of(method, fields)
        return await self._again(lambda: getattr(self._service(service), method)(request, metadata=self._metadata))

    async def _again(self, call: Callable[[], Any]) -> Any:
        pauses = Pauses()
        while True:
            try:
                return await call()
            except grpc.RpcError as error:
                await pauses.after(errors.of_call(error))

    async def _start(self, service: str, method: str, fields: Mapping[str, Any]) -> AsyncJob:
        options = dict(fields.get("options", {}))
        # The same key gives the same job, so a call whose answer was lost can be made again.
        options.setdefault("idempotency_key", uuid.uuid4().hex)
        request = request_of(method, dict(fields, options=options))
        pauses = Pauses()
        while True:
            call = getattr(self._service(service), method)(request, metadata=self._metadata)
            try:
                accepted = await call.read()
                if accepted is grpc.aio.EOF:
                    raise errors.MedGenError("INTERNAL", "the host accepted no job and said no reason")
                return AsyncJob(self, accepted.accepted.job_id)
            except grpc.RpcError as error:
                await pauses.after(errors.of_call(error))
            finally:
                call.cancel()  # the job goes on, and is watched by its id

    async def _pages(self, service: str, method: str, field: str, limit: int, **fields: Any) -> AsyncIterator[Any]:
        token, left = "", limit
        while left > 0:
            page = await self._call(service, method, dict(fields, page_size=min(left, 500), page_token=token))
            for one in getattr(page, field):
                yield one
                left -= 1
            token = page.next_page_token
            if not token:
                return

    def _fetcher(self, artifact: Artifact) -> Callable[[pathlib.Path], pathlib.Path]:
        loop = asyncio.get_running_loop()

        def fetch(path: pathlib.Path) -> pathlib.Path:
            try:
                same_loop = asyncio.get_running_loop() is loop
            except RuntimeError:
                same_loop = False
            if same_loop:
                raise RuntimeError("the clip is not here yet: await client.download(clip.artifact, PATH), or give out=PATH")
            return asyncio.run_coroutine_threadsafe(self.download(artifact, path), loop).result()

        return fetch
