"""Clips for PyTorch; imported where somebody asks for them."""

from typing import Any, Callable, List, Optional, Tuple

import torch

from .dataset import LabelledClip


class TorchClips(torch.utils.data.Dataset):  # type: ignore[type-arg, misc]
    """What `Dataset.torch` gives."""

    def __init__(
        self,
        clips: List[LabelledClip],
        classes: List[str],
        num_frames: int,
        size: Optional[Tuple[int, int]],
        transform: Optional[Callable[[Any], Any]],
    ) -> None:
        if num_frames < 1:
            raise ValueError(f"num_frames: got {num_frames}; allowed: 1 or more")
        if size is not None and (len(size) != 2 or min(size) < 1):
            raise ValueError(f"size: got {size}; allowed: height and width, 1 or more")
        unknown = sorted({name for clip in clips for name in clip.shares}.difference(classes))
        if unknown:
            raise ValueError(f"classes: got {classes}; a clip is of the class {unknown[0]!r}")
        self.classes = classes
        self._clips = clips
        self._num_frames = num_frames
        self._size = size
        self._transform = transform
        self._whole = all(list(clip.shares.values()) == [1.0] for clip in clips)

    def __len__(self) -> int:
        return len(self._clips)

    def __getitem__(self, index: int) -> Tuple[Any, Any]:
        clip = self._clips[index]
        frames = clip.frames  # [frames, height, width, 3]
        chosen = torch.linspace(0, len(frames) - 1, self._num_frames).round().long().numpy()
        picture = torch.from_numpy(frames[chosen].copy()).permute(3, 0, 1, 2).float() / 255  # [3, num_frames, height, width]
        if self._size is not None and tuple(picture.shape[2:]) != tuple(self._size):
            picture = torch.nn.functional.interpolate(
                picture.transpose(0, 1), size=tuple(self._size), mode="bilinear", align_corners=False, antialias=True
            ).clamp(0, 1).transpose(0, 1).contiguous()
        if self._transform is not None:
            picture = self._transform(picture)
        return picture, self._target(clip.shares, clip.value)

    def _target(self, shares: Any, value: Optional[float]) -> Any:
        if value is not None:
            return torch.tensor(value, dtype=torch.float32)
        if self._whole:
            return self.classes.index(next(iter(shares)))
        return torch.tensor([shares.get(name, 0.0) for name in self.classes], dtype=torch.float32)
