"""A labelled data set of clips, as a host makes it (docs/augmentation.md), for training."""

import csv
import html
import json
import pathlib
import tarfile
import tempfile
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union, overload

from . import video

PathLike = Union[str, "pathlib.PurePath"]

_SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class LabelledClip:
    """A clip of a data set.

    `shares` is how much of the clip is of which class: 1 of its own, of several for labels of several, parts of 1 for clips that are mixed.
    `value` is a numeric label. `columns` has everything that the list says.
    """

    path: pathlib.Path
    label: str
    split: str
    patient: str
    synthetic: bool
    shares: Mapping[str, float] = field(repr=False)
    value: Optional[float] = field(repr=False)
    columns: Mapping[str, str] = field(repr=False)

    @property
    def frames(self) -> Any:
        """uint8 [frames, height, width, 3], R, G, B; needs numpy and ffmpeg."""
        return video.read_frames(self.path)


class Dataset(Sequence[LabelledClip]):
    """The clips of a data set that can be trained with: those that were refused are not among them."""

    def __init__(self, clips: Sequence[LabelledClip]) -> None:
        self._clips = list(clips)

    @classmethod
    def open(cls, path: PathLike, *, folder: Optional[PathLike] = None) -> "Dataset":
        """Reads a data set.

        Args:
            path: folder with `metadata.csv`, or tar file of one.
            folder: where a tar file is unpacked; None: a temporary folder that stays.

        Raises:
            ValueError: it is none; the message names file, line and column.
        """
        place = pathlib.Path(path)
        if not place.is_dir():
            target = pathlib.Path(folder or tempfile.mkdtemp(prefix="medgen-dataset-"))
            _unpack(place, target)
            place = target
        table = place / "metadata.csv"
        if not table.is_file():
            raise ValueError(f"{pathlib.Path(path).name} has no metadata.csv, so it is no data set of a host")
        labels = _labels(place)
        with table.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            missing = [name for name in ("file_name", "label") if name not in (rows.fieldnames or ())]
            if missing:
                raise ValueError(f"metadata.csv has no column {missing[0]}")
            return cls([_clip(place, row, f"metadata.csv, line {rows.line_num}", labels) for row in rows])

    @property
    def classes(self) -> List[str]:
        """Names of the classes in order; empty: the labels are numbers."""
        return sorted({name for clip in self._clips for name in clip.shares})

    def split(self, name: str) -> "Dataset":
        """The clips of "train", "validation" or "test". Classes that have none there are no classes of it."""
        if name not in _SPLITS:
            raise ValueError(f"split: got {name!r}; allowed: {', '.join(_SPLITS)}")
        return Dataset([clip for clip in self._clips if clip.split == name])

    def torch(
        self,
        num_frames: int,
        size: Optional[Tuple[int, int]] = None,
        *,
        classes: Optional[Sequence[str]] = None,
        transform: Optional[Callable[[Any], Any]] = None,
    ) -> Any:
        """As a `torch.utils.data.Dataset` of pairs of a clip and its target.

        A clip is float32 [3, num_frames, height, width] from 0 to 1: frames evenly spaced over the whole clip. The target is the index of the class
        (int); where clips have several classes, or are mixed, float32 [classes] with their shares; of a numeric label the number.

        Args:
            num_frames: 1 or more.
            size: height and width in px to which frames are scaled, bilinearly; None: as they are.
            classes: in the order of the targets; None: those of these clips. Give the whole data set's to every split.
            transform: what becomes of a clip before it is given.

        Raises:
            ImportError: PyTorch is not installed.
            ValueError: an argument is out of range, or a clip has another class.
        """
        try:
            from ._torch import TorchClips
        except ImportError as error:
            raise ImportError("Dataset.torch needs PyTorch: pip install torch, or Debian's python3-torch") from error
        return TorchClips(self._clips, list(classes) if classes is not None else self.classes, num_frames, size, transform)

    def huggingface(self) -> Any:
        """As a `datasets.Dataset` with the columns of the list and `path`.

        Raises:
            ImportError: the package datasets is not installed.
        """
        try:
            import datasets
        except ImportError as error:
            raise ImportError("Dataset.huggingface needs the package datasets: pip install datasets") from error
        names = list(self._clips[0].columns) if self._clips else []
        table: Dict[str, List[Any]] = {name: [clip.columns[name] for clip in self._clips] for name in names}
        table["path"] = [str(clip.path) for clip in self._clips]
        return datasets.Dataset.from_dict(table)

    @overload
    def __getitem__(self, index: int) -> LabelledClip: ...

    @overload
    def __getitem__(self, index: slice) -> "Dataset": ...

    def __getitem__(self, index: Union[int, slice]) -> Union[LabelledClip, "Dataset"]:
        return Dataset(self._clips[index]) if isinstance(index, slice) else self._clips[index]

    def __len__(self) -> int:
        return len(self._clips)

    def __iter__(self) -> Iterator[LabelledClip]:
        return iter(self._clips)

    def __repr__(self) -> str:
        return f"Dataset({len(self)} clips of {len(self.classes)} classes)"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{split}, real</th><th>{split}, synthetic</th>" for split in _SPLITS)
        rows = ""
        for name in self.classes or [""]:
            clips = [clip for clip in self._clips if not name or name in clip.shares]
            counts = (sum(clip.split == split and clip.synthetic == made for clip in clips) for split in _SPLITS for made in (False, True))
            rows += f"<tr><td>{html.escape(name or 'numbers')}</td>{''.join(f'<td>{count}</td>' for count in counts)}</tr>"
        return f"<table><tr><th>class</th>{head}</tr>{rows}</table>"


def _labels(folder: pathlib.Path) -> Mapping[str, Any]:
    """What the run says of its labels; a list without one has single labels."""
    claim = folder / "augmentation.json"
    if not claim.is_file():
        return {"type": "single"}
    labels = json.loads(claim.read_text(encoding="utf-8"))["spec"]["labels"]
    if labels["type"] not in ("single", "multi", "numeric"):
        raise ValueError(f"augmentation.json: labels.type is {labels['type']!r}; allowed: single, multi, numeric")
    return dict(labels)


def _clip(folder: pathlib.Path, row: Mapping[str, str], where: str, labels: Mapping[str, Any]) -> LabelledClip:
    if None in row or None in row.values():
        raise ValueError(f"{where}: has another number of cells than the first line")
    path = (folder / row["file_name"]).resolve()
    if folder.resolve() not in path.parents or not path.exists():
        raise ValueError(f"{where}: file_name names no file of the data set")
    label, value = row["label"], None
    if labels["type"] == "numeric":
        try:
            value = float(label)
        except ValueError:
            raise ValueError(f"{where}: label is no number") from None
        shares: Dict[str, float] = {}
    elif row.get("label_weights"):
        shares = {name: float(part) for name, part in json.loads(row["label_weights"]).items()}
    elif labels["type"] == "multi":
        shares = {name.strip(): 1.0 for name in label.split(labels["separator"]) if name.strip()}
    else:
        shares = {label: 1.0}
    if row.get("split", "train") not in _SPLITS:
        raise ValueError(f"{where}: split is {row['split']!r}; allowed: {', '.join(_SPLITS)}")
    synthetic = row.get("source", "real") == "synthetic"
    return LabelledClip(path, label, row.get("split", "train"), row.get("patient_id", ""), synthetic, shares, value, dict(row))


def _unpack(path: pathlib.Path, target: pathlib.Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    root = target.resolve()
    with tarfile.open(path, "r:") as tar:
        for member in tar:
            place = (root / member.name).resolve()
            if not (member.isfile() or member.isdir()) or root not in (place, *place.parents):
                raise ValueError(f"{path.name}: {member.name!r} is no file within the data set")
            if member.isfile():
                place.parent.mkdir(parents=True, exist_ok=True)
                source = tar.extractfile(member)
                assert source is not None  # a regular file has content
                with source, place.open("wb") as copy:
                    while chunk := source.read(1 << 20):
                        copy.write(chunk)
