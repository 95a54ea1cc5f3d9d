"""What can go wrong, as exceptions."""

from typing import Any, Dict, List, NamedTuple, Optional

import grpc

from . import _protocol


class Violation(NamedTuple):
    """One thing wrong with one field of a request."""

    field: str
    description: str


class MedGenError(Exception):
    """A call or a job that failed.

    Attributes:
        code: status code in gRPC's words, for instance "INVALID_ARGUMENT".
        reason: stable code of the host for machines, for instance "QUEUE_FULL"; empty where it gives none.
        violations: what is wrong with the request, field by field.
        retry_after: seconds after which the same request may succeed; None: waiting does not help.
        metadata: facts that belong to the reason.
    """

    def __init__(
        self,
        code: str,
        message: str,
        reason: str = "",
        violations: Optional[List[Violation]] = None,
        retry_after: Optional[float] = None,
        metadata: Optional[Dict[str, str]] = None,
    ) -> None:
        details = "".join(f"\n  {one.field}: {one.description}" for one in violations or [] if one.description not in message)
        super().__init__(f"{code}{f' ({reason})' if reason else ''}: {message}{details}")
        self.code = code
        self.reason = reason
        self.violations = violations or []
        self.retry_after = retry_after
        self.metadata = metadata or {}


class InvalidRequestError(MedGenError):
    """The request itself is wrong; `violations` says where."""


class NotFoundError(MedGenError):
    """What was named is not there, or is not the caller's to see."""


class AccessError(MedGenError):
    """The caller is not known, or may not do this."""


class UnavailableError(MedGenError):
    """The host cannot be reached, stops, or has no room; `retry_after` says when to try again."""


class JobCancelledError(MedGenError):
    """The job was cancelled."""


_KINDS = {
    "INVALID_ARGUMENT": InvalidRequestError,
    "NOT_FOUND": NotFoundError,
    "UNAUTHENTICATED": AccessError,
    "PERMISSION_DENIED": AccessError,
    "UNAVAILABLE": UnavailableError,
    "RESOURCE_EXHAUSTED": UnavailableError,
    "CANCELLED": JobCancelledError,
}
_NAMES = {code.value[0]: code.name for code in grpc.StatusCode}


def of_call(error: Any) -> MedGenError:
    """The exception for a call that failed, with what the host says beside the status."""
    code, message = error.code().name, error.details() or ""
    reason, violations, retry_after, metadata = "", [], None, {}
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for detail in _protocol.message("google.rpc.Status").FromString(value).details:
                kind = detail.type_url.rsplit("/", 1)[-1]
                if kind == "google.rpc.ErrorInfo":
                    info = _protocol.message(kind).FromString(detail.value)
                    reason, metadata = info.reason, dict(info.metadata)
                elif kind == "google.rpc.BadRequest":
                    bad = _protocol.message(kind).FromString(detail.value)
                    violations = [Violation(one.field, one.description) for one in bad.field_violations]
                elif kind == "google.rpc.RetryInfo":
                    delay = _protocol.message(kind).FromString(detail.value).retry_delay
                    retry_after = delay.seconds + delay.nanos / 1e9
    return _KINDS.get(code, MedGenError)(code, message, reason, violations, retry_after, metadata)


def of_job(error: Any) -> MedGenError:
    """The exception for a job that failed."""
    code = _NAMES.get(error.code, "UNKNOWN")
    retry_after = error.retry_after.seconds + error.retry_after.nanos / 1e9 if error.HasField("retry_after") else None
    violations = [Violation(one.field, one.description) for one in error.violations]
    return _KINDS.get(code, MedGenError)(code, error.message, error.reason, violations, retry_after, dict(error.metadata))
