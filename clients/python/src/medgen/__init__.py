"""Client of a MedGen Platform host.

    import medgen

    with medgen.Client("127.0.0.1:8470") as client:
        clip = client.generate("A lung ultrasound with B-lines.", seed=7)
        print(client.classify(clip.artifact).label)
"""

from .aio import AsyncClient
from .client import Client, Job
from .dataset import Dataset, LabelledClip
from .errors import AccessError, InvalidRequestError, JobCancelledError, MedGenError, NotFoundError, UnavailableError, Violation
from .jobs import AsyncJob
from .results import Analysis, Artifact, AugmentedDataset, GeneratedClip, JobStatus, Labels, Progress
from .video import Strip

__all__ = [
    "AccessError", "Analysis", "Artifact", "AsyncClient", "AsyncJob", "AugmentedDataset", "Client", "Dataset", "GeneratedClip", "InvalidRequestError",
    "Job", "JobCancelledError", "JobStatus", "LabelledClip", "Labels", "MedGenError", "NotFoundError", "Progress", "Strip", "UnavailableError", "Violation",
]
