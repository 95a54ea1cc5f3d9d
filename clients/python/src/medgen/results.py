"""What a host answers."""

import base64
import datetime
import html
import pathlib
import tempfile
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List, Optional

from . import _protocol, video
from .dataset import Dataset

_LARGEST_SHOWN = 8 << 20


@dataclass(frozen=True)
class Artifact:
    """A stored file. `message` is the whole of what the contract says of it."""

    artifact_id: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    synthetic: bool
    message: Any = field(repr=False, compare=False)

    @classmethod
    def of(cls, message: Any) -> "Artifact":
        """From the contract's message."""
        return cls(message.artifact_id, message.name, message.media_type, message.size_bytes, message.sha256, message.synthetic, message)


@dataclass(frozen=True)
class JobStatus:
    """A job as it stands: `state` is queued, running, succeeded, failed or cancelled. Steps are those of the stage; 0 in all: not known."""

    job_id: str
    kind: str
    state: str
    stage: str
    steps_done: int
    steps_total: int
    position: int
    created_at: datetime.datetime
    message: Any = field(repr=False, compare=False)

    @classmethod
    def of(cls, message: Any) -> "JobStatus":
        """From the contract's message."""
        return cls(
            message.job_id,
            _protocol.enum_name("JobKind", message.kind),
            _protocol.enum_name("JobState", message.state),
            _protocol.enum_name("JobStage", message.stage),
            message.steps_done,
            message.steps_total,
            message.position,
            message.created_at.ToDatetime(tzinfo=datetime.timezone.utc),
            message,
        )


@dataclass(frozen=True)
class Progress:
    """Work that is done. `total` 0 and `seconds_left` None: not known. `position` is the place among those that wait, 0: at work."""

    stage: str
    done: int
    total: int
    position: int
    seconds_left: Optional[float]

    @classmethod
    def of(cls, message: Any) -> "Progress":
        """From the contract's message."""
        left = message.time_left.seconds + message.time_left.nanos / 1e9 if message.HasField("time_left") else None
        return cls(_protocol.enum_name("JobStage", message.stage), message.steps_done, message.steps_total, message.position, left)


@dataclass
class GeneratedClip:
    """A clip that a host has made. `frames` and a notebook fetch it when they are first asked for it."""

    artifact: Artifact
    job_id: str
    seed: int
    warnings: List[str]
    fetch: Callable[[pathlib.Path], pathlib.Path] = field(repr=False)
    path: Optional[pathlib.Path] = field(default=None, repr=False)

    @property
    def frames(self) -> Any:
        """uint8 [frames, height, width, 3], R, G, B; needs numpy and ffmpeg."""
        return video.read_frames(self.file)

    @property
    def file(self) -> pathlib.Path:
        """The clip as a file: where it was saved, or a temporary one."""
        if self.path is None:
            self.path = self.fetch(pathlib.Path(tempfile.mkdtemp(prefix="medgen-")) / self.artifact.name)
        return self.path

    def _repr_html_(self) -> str:
        warnings = "".join(f"<div>&#9888; {html.escape(one)}</div>" for one in self.warnings)
        if self.artifact.size_bytes > _LARGEST_SHOWN:
            return f"{html.escape(self.artifact.name)}, {self.artifact.size_bytes:,} bytes{warnings}"
        data = base64.b64encode(self.file.read_bytes()).decode()
        return f'<video controls loop muted src="data:{self.artifact.media_type};base64,{data}"></video><div>synthetic, seed {self.seed}</div>{warnings}'


@dataclass
class Analysis:
    """What an analysis has found. `findings` are the contract's messages, those that stand."""

    job_id: str
    task: str
    plugin: str
    frames_analyzed: int
    findings: List[Any] = field(repr=False)

    def labels(self, output: Optional[str] = None) -> "Labels":
        """The labels of the clip as a whole.

        Args:
            output: name of the output; None: the first that has labels.

        Raises:
            LookupError: there are none.
        """
        for one in self.findings:
            if one.WhichOneof("value") == "labels" and one.WhichOneof("scope") is None and output in (None, one.output):
                return Labels(
                    one.output, list(one.labels.labels), {each.label: each.probability for each in one.labels.probabilities}, one.labels.abstained
                )
        raise LookupError(f"the analysis has no labels of the clip{'' if output is None else f' for {output!r}'}")

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{html.escape(one.output)}</td><td>{html.escape(_said(one))}</td></tr>" for one in self.findings[:100])
        bars = ""
        try:
            bars = self.labels()._repr_html_()
        except LookupError:
            pass
        return f"<b>{html.escape(self.task)}</b> by {html.escape(self.plugin)}, {self.frames_analyzed} frames{bars}<table>{rows}</table>"


@dataclass
class Labels:
    """Labels that hold, and the probability of each that could."""

    output: str
    labels: List[str]
    probabilities: Dict[str, float]
    abstained: bool

    @property
    def label(self) -> str:
        """The only label, or the first of several; empty: none holds."""
        return self.labels[0] if self.labels else ""

    @property
    def probability(self) -> float:
        """The probability of `label`; of an abstention that of the likeliest label."""
        return self.probabilities.get(self.label, max(self.probabilities.values(), default=0.0))

    def _repr_html_(self) -> str:
        bars = "".join(
            f'<tr><td>{html.escape(label)}</td><td><meter min="0" max="1" value="{value:.4f}"></meter> {100 * value:.1f} %</td></tr>'
            for label, value in sorted(self.probabilities.items(), key=lambda pair: -pair[1])
        )
        return f"<div>{html.escape(', '.join(self.labels))}</div><table>{bars}</table>"


@dataclass
class AugmentedDataset:
    """A data set that a host has enlarged: a tar file with manifest and card, or the folder on the host's machine."""

    job_id: str
    real: int
    made: int
    kept: int
    rejected: Dict[str, int]
    artifact: Optional[Artifact]
    path: Optional[pathlib.Path] = None

    def open(self) -> Dataset:
        """Its clips; the tar file that `out` named is unpacked into a temporary folder.

        Raises:
            ValueError: it was not fetched.
        """
        if self.path is None:
            raise ValueError("the data set is not here: augment(out=PATH) fetches it")
        return Dataset.open(self.path)

    def _repr_html_(self) -> str:
        reasons = "".join(f"<tr><td>{html.escape(reason)}</td><td>{count}</td></tr>" for reason, count in sorted(self.rejected.items()))
        refused = f"<table><tr><th>refused for</th><th>clips</th></tr>{reasons}</table>" if reasons else ""
        return f"<div>{self.real} real clips, {self.made} made, {self.kept} of these kept</div>{refused}"


def _said(finding: Any) -> str:
    kind = finding.WhichOneof("value")
    value = getattr(finding, kind) if kind else None
    if kind == "labels":
        return ", ".join(value.labels)
    if kind == "measurement":
        return f"{value.value:g} {value.unit}"
    if kind == "text":
        return str(value.text)
    if kind == "region":
        return f"{value.label} {value.score:.2f}"
    if kind == "transition":
        return f"{value.from_label} → {value.to_label}"
    return str(value.file_name) if kind == "file" else ""
