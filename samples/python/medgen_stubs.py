"""Generates the gRPC stubs from protos/ on first use and makes them importable."""

import os
import pathlib
import sys

# Debian's grpc_tools writes stubs in an older form, which only the pure Python implementation of protobuf reads. Must be set before protobuf is imported.
os.environ.setdefault("PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", "python")

HERE = pathlib.Path(__file__).resolve().parent
PROTOS = HERE.parent.parent / "protos"
GENERATED = HERE / "generated"


def _sources():
    """Paths as protoc wants them: relative to an include folder."""
    own = [str(path.relative_to(PROTOS)) for path in sorted(PROTOS.glob("medgen/v1/*.proto"))]
    return own + ["google/api/annotations.proto", "google/api/http.proto"]


def _is_fresh():
    marker = GENERATED / "medgen" / "v1" / "jobs_pb2.py"
    return marker.exists() and marker.stat().st_mtime > max(path.stat().st_mtime for path in PROTOS.rglob("*.proto"))


def load():
    """Makes `medgen.v1.*_pb2` and `medgen.v1.*_pb2_grpc` importable."""
    if not _is_fresh():
        import grpc_tools
        from grpc_tools import protoc

        GENERATED.mkdir(exist_ok=True)
        well_known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
        include = [f"-I{folder}" for folder in (PROTOS, PROTOS / "third_party", well_known)]
        code = protoc.main(["protoc", *include, f"--python_out={GENERATED}", f"--grpc_python_out={GENERATED}", *_sources()])
        if code != 0:
            sys.exit(f"protoc ended with {code}")
    sys.path.insert(0, str(GENERATED))
