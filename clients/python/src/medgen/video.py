"""Films to frames and back, by ffmpeg and numpy; both are needed here alone."""

import json
import pathlib
import shutil
import struct
import subprocess
import zlib
from typing import Any, Union

PathLike = Union[str, "pathlib.PurePath"]


def read_frames(path: PathLike) -> Any:
    """Decodes a film, a still, or a folder of PNG files that are numbered from 000000.png.

    Returns:
        uint8 [frames, height, width, 3], R, G, B.

    Raises:
        RuntimeError: numpy or ffmpeg is not installed, or the file cannot be decoded.
    """
    numpy = _numpy()
    path = pathlib.Path(path)
    if path.is_dir():
        # The folder's own name must not be taken for a pattern.
        path = pathlib.Path(str(path).replace("%", "%%")) / "%06d.png"
    stated = _run("ffprobe", ["-select_streams", "v:0", "-show_streams", "-of", "json", str(path)])
    streams = json.loads(stated).get("streams", [])
    if not streams:
        raise RuntimeError(f"{pathlib.Path(path).name} has no picture")
    width, height = int(streams[0]["width"]), int(streams[0]["height"])
    if _turn(streams[0]) % 180 == 90:
        width, height = height, width
    data = _run("ffmpeg", ["-nostdin", "-i", str(path), "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
    return numpy.frombuffer(data, dtype=numpy.uint8).reshape(-1, height, width, 3)


def write_frames(path: PathLike, frames: Any, frames_per_second: float = 16) -> None:
    """Encodes frames without loss: FFV1 in Matroska, or PNG for a path that ends in .png.

    Args:
        frames: uint8 [frames, height, width, 3], or [height, width, 3] for a still.

    Raises:
        ValueError: the array has another type or shape.
        RuntimeError: numpy or ffmpeg is not installed.
    """
    numpy = _numpy()
    array = numpy.asarray(frames)
    if array.ndim == 3:
        array = array[None]
    if array.dtype != numpy.uint8 or array.ndim != 4 or array.shape[3] != 3 or 0 in array.shape:
        raise ValueError(f"frames: got {array.dtype} {list(array.shape)}; allowed: uint8 [frames, height, width, 3]")
    height, width = array.shape[1:3]
    codec = ["-frames:v", "1"] if str(path).endswith(".png") else ["-c:v", "ffv1"]
    _run(
        "ffmpeg",
        ["-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", repr(float(frames_per_second)), "-i", "-", *codec, str(path)],
        numpy.ascontiguousarray(array).tobytes(),
    )


class Strip:
    """Frames side by side, evenly spaced over a clip: a picture in a notebook.

    Args:
        frames: uint8 [frames, height, width, 3].
        count: how many to show; fewer where there are fewer.
    """

    def __init__(self, frames: Any, count: int = 6) -> None:
        if count < 1:
            raise ValueError(f"count: got {count}; allowed: 1 or more")
        total = len(frames)
        shown = [frames[round(index * (total - 1) / max(1, count - 1))] for index in range(count)] if total > count else list(frames)
        self.pixels = _numpy().concatenate(shown, axis=1)  # uint8 [height, count * width, 3]

    def _repr_png_(self) -> bytes:
        height, width = self.pixels.shape[:2]
        differences = self.pixels.copy()  # PNG's filter "sub": each pixel less its left neighbour, modulo 256
        differences[:, 1:] -= self.pixels[:, :-1]
        rows = b"".join(b"\1" + row.tobytes() for row in differences)
        parts = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
        )


def _turn(stream: Any) -> int:
    return next((int(one["rotation"]) for one in stream.get("side_data_list", []) if "rotation" in one), 0)


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        raise RuntimeError("frames need numpy: pip install medgen[frames]") from None
    return numpy


def _run(program: str, arguments: Any, data: bytes = b"") -> bytes:
    if shutil.which(program) is None:
        raise RuntimeError(f"frames need {program}: install ffmpeg")
    done = subprocess.run([program, "-v", "error", *arguments], input=data, capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{program}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
