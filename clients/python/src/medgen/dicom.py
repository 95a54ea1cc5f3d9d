"""DICOM at a host: what it stores, the archives that its rules file names, and studies that rules look at."""

import json
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union

from . import _protocol
from .results import Artifact

DataSet = Dict[str, Any]  # the DICOM JSON model (PS3.18, F): "0020000D": {"vr": "UI", "Value": [...]}


class AsyncDicom:
    """The host's `Dicom` service, as `AsyncClient.dicom`."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def query(
        self,
        level: str = "studies",
        *,
        study: str = "",
        series: str = "",
        match: Optional[Mapping[str, str]] = None,
        archive: str = "",
        limit: int = 0,
        offset: int = 0,
    ) -> List[DataSet]:
        """Searches what is stored at the host, or an archive (QIDO-RS).

        Args:
            level: studies, series or instances.
            study, series: UIDs to look in.
            match: attributes that have to match, by keyword or eight digits; * and ? stand for any characters, A-B for dates and times.
            archive: its name in the rules file; empty: the host itself.
            limit: most answers, 1 to 10,000; 0: 1,000.
        """
        fields = {"level": _protocol.enum_number("DicomLevel", level), "study": study, "series": series, "match": dict(match or {}),
                  "limit": limit, "offset": offset}
        if archive:
            found = await self._client._call("Dicom", "QueryArchive", {"archive": archive, "query": fields})
        else:
            found = await self._client._call("Dicom", "QueryDicom", fields)
        return [json.loads(one) for one in found.data_sets]

    async def retrieve(self, archive: str, study: str, *, series: str = "", instance: str = "") -> Tuple[List[Artifact], int]:
        """Fetches a study, a series or an instance from an archive (WADO-RS).

        Returns:
            The instances, those that the host had already included, and how many were not stored because another content has their UID.
        """
        got = await self._client._call(
            "Dicom", "RetrieveFromArchive", {"archive": archive, "study": study, "series": series, "instance": instance})
        return [Artifact.of(one) for one in got.artifacts], got.refused

    async def send(self, archive: str, artifacts: Sequence[Union[Artifact, str]]) -> Sequence[Any]:
        """Puts stored instances into the host's outbox to an archive, where they stay until it lists or refuses them: the contract's deliveries."""
        ids = [one if isinstance(one, str) else one.artifact_id for one in artifacts]
        return list((await self._client._call("Dicom", "SendToArchive", {"archive": archive, "artifact_ids": ids})).deliveries)

    async def rules(self) -> Any:
        """The archives and rules in force: the contract's message, with a quiet time of 0 where the host has no rules file."""
        return await self._client._call("Dicom", "ListDicomRules", {})

    async def studies(self, study: str = "", *, limit: int = 50) -> Sequence[Any]:
        """Studies that rules look at, the one that last came first, with their analyses and deliveries: the contract's messages."""
        return list((await self._client._call("Dicom", "ListDicomStudies", {"study": study, "page_size": limit})).studies)


class Dicom:
    """The host's `Dicom` service, as `Client.dicom`: the methods of `AsyncDicom`."""

    def __init__(self, loop: Any, dicom: AsyncDicom) -> None:
        self._loop = loop
        self._dicom = dicom

    def query(self, level: str = "studies", **options: Any) -> List[DataSet]:
        """Searches what is stored at the host, or with `archive=NAME` an archive."""
        return self._loop.run(self._dicom.query(level, **options))

    def retrieve(self, archive: str, study: str, *, series: str = "", instance: str = "") -> Tuple[List[Artifact], int]:
        """Fetches from an archive; gives the instances, and how many were not stored."""
        return self._loop.run(self._dicom.retrieve(archive, study, series=series, instance=instance))

    def send(self, archive: str, artifacts: Sequence[Union[Artifact, str]]) -> Sequence[Any]:
        """Puts stored instances into the host's outbox to an archive."""
        return self._loop.run(self._dicom.send(archive, artifacts))

    def rules(self) -> Any:
        """The archives and rules in force."""
        return self._loop.run(self._dicom.rules())

    def studies(self, study: str = "", *, limit: int = 50) -> Sequence[Any]:
        """Studies that rules look at."""
        return self._loop.run(self._dicom.studies(study, limit=limit))
