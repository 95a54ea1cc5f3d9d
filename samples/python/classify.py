#!/usr/bin/python3
"""Uploads a clip to a MedGen host, asks which label it has, watches the job, and downloads the clip again. See README.md."""

import argparse
import hashlib
import json
import mimetypes
import os
import pathlib
import sys

import medgen_stubs

medgen_stubs.load()

import grpc  # noqa: E402
from medgen.v1 import analysis_pb2, analysis_pb2_grpc, artifacts_pb2, artifacts_pb2_grpc, jobs_pb2, jobs_pb2_grpc  # noqa: E402

CHUNK_BYTES = 64 * 1024


def upload(channel, path, metadata):
    """Sends a file: what is stated of it, then its content in chunks."""
    content_hash = hashlib.sha256(path.read_bytes()).hexdigest()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"

    def messages():
        yield artifacts_pb2.UploadArtifactRequest(metadata=artifacts_pb2.UploadMetadata(
            sha256=content_hash, name=path.name, media_type=media_type, size_bytes=path.stat().st_size))
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield artifacts_pb2.UploadArtifactRequest(chunk=chunk)

    return artifacts_pb2_grpc.ArtifactsStub(channel).UploadArtifact(messages(), metadata=metadata)


def analyze(channel, artifact_id, task, metadata):
    """Starts the job and leaves its stream at once: the job goes on, and anybody may watch it."""
    request = analysis_pb2.AnalyzeVideoRequest(inputs=[analysis_pb2.AnalysisInput(artifact_id=artifact_id)], task=task)
    updates = analysis_pb2_grpc.AnalysisStub(channel).AnalyzeVideo(request, metadata=metadata)
    job = next(updates).accepted
    updates.cancel()
    return job


def watch(channel, job_id, metadata):
    """Follows the job to its end and gives the findings that stand, and the number of analysed frames."""
    findings, frames = [], 0
    for event in jobs_pb2_grpc.JobsStub(channel).WatchJob(jobs_pb2.WatchJobRequest(job_id=job_id), metadata=metadata):
        kind = event.WhichOneof("payload")
        print(f"event {event.number}: {kind}", file=sys.stderr)
        if kind == "findings" and not event.findings.interim:
            findings.extend(event.findings.findings)
        elif kind == "analysis_summary":
            frames = event.analysis_summary.frames_analyzed
        elif kind == "state" and event.state.state == jobs_pb2.JOB_STATE_FAILED:
            sys.exit(f"the job failed: {event.state.error.reason}: {event.state.error.message}")
        elif kind == "state" and event.state.state == jobs_pb2.JOB_STATE_CANCELLED:
            sys.exit("the job was cancelled")
    return findings, frames


def download(channel, artifact_id, path, metadata):
    """Receives a file under a temporary name; it gets its own when its SHA-256 is right."""
    temporary = path.with_name(path.name + ".part")
    content_hash = hashlib.sha256()
    artifact = None
    try:
        with temporary.open("wb") as file:
            request = artifacts_pb2.DownloadArtifactRequest(artifact_id=artifact_id)
            for part in artifacts_pb2_grpc.ArtifactsStub(channel).DownloadArtifact(request, metadata=metadata):
                if part.WhichOneof("part") == "artifact":
                    artifact = part.artifact
                else:
                    content_hash.update(part.chunk)
                    file.write(part.chunk)
        if artifact is None or artifact.sha256 != content_hash.hexdigest():
            sys.exit("the download is damaged")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clip", type=pathlib.Path, help="video or picture to classify")
    parser.add_argument("--host", default="127.0.0.1:8470", help="gRPC address of the host (default: %(default)s)")
    parser.add_argument("--task", default="imaging-modality", help="task of the analyzer (default: %(default)s)")
    parser.add_argument("--out", type=pathlib.Path, help="where to download the clip to (default: nowhere)")
    parser.add_argument("--ca", type=pathlib.Path, help="PEM file of the certificate authority; switches TLS on")
    parser.add_argument("--certificate", type=pathlib.Path, help="PEM file of your own certificate, for a host that asks for one; needs --ca and --key")
    parser.add_argument("--key", type=pathlib.Path, help="PEM file of its private key")
    arguments = parser.parse_args()

    # A token belongs into the environment: command lines can be read by everybody on the machine.
    token = os.environ.get("MEDGEN_TOKEN")
    metadata = [("authorization", f"Bearer {token}")] if token else []
    own = (arguments.key.read_bytes(), arguments.certificate.read_bytes()) if arguments.certificate and arguments.key else (None, None)
    channel = (grpc.secure_channel(arguments.host, grpc.ssl_channel_credentials(arguments.ca.read_bytes(), *own))
               if arguments.ca else grpc.insecure_channel(arguments.host))
    with channel:
        try:
            artifact = upload(channel, arguments.clip, metadata)
            job = analyze(channel, artifact.artifact_id, arguments.task, metadata)
            findings, frames = watch(channel, job.job_id, metadata)
            if arguments.out:
                download(channel, artifact.artifact_id, arguments.out, metadata)
        except grpc.RpcError as error:
            sys.exit(f"{error.code().name}: {error.details()}")

    # The label of the clip as a whole; findings about parts and frames of it have a scope.
    answer = next(one.labels for one in findings if one.WhichOneof("value") == "labels" and one.WhichOneof("scope") is None)
    print(json.dumps({
        "file": str(arguments.clip),
        "label": answer.labels[0],
        "probability": max(one.probability for one in answer.probabilities),
        "abstained": answer.abstained,
        "frames": frames,
        "probabilities": {one.label: one.probability for one in answer.probabilities},
    }))


if __name__ == "__main__":
    main()
