"""The messages and services of medgen.v1, made from the descriptors that the build put into the package.

Not from generated code: that fits one range of protobuf versions, and descriptors fit all of them.
"""

import pkgutil
from typing import Any, Callable, Dict

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def _read() -> descriptor_pool.DescriptorPool:
    data = pkgutil.get_data(__package__, "protocol.desc")
    if data is None:
        raise ImportError("medgen was not built: protocol.desc is missing (pip install clients/python)")
    # A pool of its own, so that stubs which somebody generated from the same files do not collide.
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(data).file:
        pool.AddSerializedFile(file.SerializeToString())
    return pool


_POOL = _read()
_FACTORY = None if hasattr(message_factory, "GetMessageClass") else message_factory.MessageFactory(_POOL)


def message(name: str) -> Any:
    """The class of a message, by its full name or its name in medgen.v1."""
    return _class_of(_POOL.FindMessageTypeByName(name if "." in name else f"medgen.v1.{name}"))


def enum_name(enum: str, number: int) -> str:
    """A value's name without the enumeration's, in lower case: "succeeded" of JOB_STATE_SUCCEEDED; the number where it is not known."""
    value = _POOL.FindEnumTypeByName(f"medgen.v1.{enum}").values_by_number.get(number)
    return str(number) if value is None else value.name[len(_prefix(enum)):].lower()


def enum_number(enum: str, name: str) -> int:
    """The number of a value by the name that enum_name gives."""
    values = _POOL.FindEnumTypeByName(f"medgen.v1.{enum}").values_by_name
    value = values.get(_prefix(enum) + name.upper())
    if value is None:
        allowed = ", ".join(one[len(_prefix(enum)):].lower() for one in values)
        raise ValueError(f"got {name!r}; allowed: {allowed}")
    return int(value.number)


class Service:
    """A service's methods as callables of a channel, sync or asyncio."""

    def __init__(self, channel: Any, name: str) -> None:
        self._methods: Dict[str, Callable[..., Any]] = {}
        for method in _POOL.FindServiceByName(f"medgen.v1.{name}").methods:
            kind = f"{_side(_is_streamed(method, 'client'))}_{_side(_is_streamed(method, 'server'))}"
            self._methods[method.name] = getattr(channel, kind)(
                f"/medgen.v1.{name}/{method.name}",
                request_serializer=lambda one: one.SerializeToString(),
                response_deserializer=_class_of(method.output_type).FromString,
            )

    def __getattr__(self, name: str) -> Callable[..., Any]:
        try:
            return self._methods[name]
        except KeyError:
            raise AttributeError(name) from None


def _prefix(enum: str) -> str:
    words = "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in enum)
    return words.lstrip("_").upper() + "_"


def _class_of(descriptor: Any) -> Any:
    return message_factory.GetMessageClass(descriptor) if _FACTORY is None else _FACTORY.GetPrototype(descriptor)


# Descriptors of methods say it in newer versions only; the proto that they came from says it in all.
def _is_streamed(method: Any, side: str) -> bool:
    proto = descriptor_pb2.MethodDescriptorProto()
    method.CopyToProto(proto)
    return bool(getattr(proto, f"{side}_streaming"))


def _side(is_streamed: bool) -> str:
    return "stream" if is_streamed else "unary"
