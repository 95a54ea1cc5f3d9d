"""Builds the package: the contract goes into it as protoc describes it, so that no generated code depends on a version of protobuf."""

import pathlib

import setuptools
from setuptools.command.build_py import build_py

HERE = pathlib.Path(__file__).resolve().parent
PROTOS = HERE.parent.parent / "protos"


def write_protocol(path):
    """Writes the descriptors of medgen.v1 and of what it imports."""
    import grpc_tools
    from grpc_tools import protoc

    well_known = pathlib.Path(grpc_tools.__file__).parent / "_proto"
    sources = [str(file.relative_to(PROTOS)) for file in sorted(PROTOS.glob("medgen/v1/*.proto"))]
    include = [f"-I{folder}" for folder in (PROTOS, PROTOS / "third_party", HERE / "src", well_known)]
    path.parent.mkdir(parents=True, exist_ok=True)
    code = protoc.main(["protoc", *include, "--include_imports", f"--descriptor_set_out={path}", *sources, "status.proto"])
    if code != 0:
        raise SystemExit(f"protoc ended with {code}")


class BuildWithProtocol(build_py):
    """As build_py, and writes the descriptors into what is built."""

    def run(self):
        super().run()
        place = HERE / "src" if self.editable_mode else pathlib.Path(self.build_lib)
        write_protocol(place / "medgen" / "protocol.desc")

    editable_mode = False


if __name__ == "__main__":
    setuptools.setup(cmdclass={"build_py": BuildWithProtocol})
