#!/usr/bin/env bash
# protobuf 6.32.1 (PyPI), its default implementation `upb`
#
# A proto2 message without a required field is not a message: the parsers of Java and C++ refuse it. One expects
# ParseFromString and FromString of Python to raise DecodeError, as the same library refuses to serialise such a message.
#
# Seen: both parse it without a word, and so does json_format.Parse; the message says only that it is not initialised. A
# test of a server that "a Python client reads every answer" proves nothing about required fields unless it asks each
# message for IsInitialized().
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check protobuf==6.32.1
python/bin/python - <<'PYTHON'
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.internal import api_implementation
from google.protobuf.message import EncodeError

file = descriptor_pb2.FileDescriptorProto(name="box.proto", package="example", syntax="proto2")
box = file.message_type.add(name="Box")
box.field.add(name="Id", number=1, label=2, type=9)
box.field.add(name="Kind", number=2, label=1, type=5)
pool = descriptor_pool.DescriptorPool()
pool.Add(file)
Box = message_factory.GetMessageClass(pool.FindMessageTypeByName("example.Box"))

print("implementation:", api_implementation.Type())
without_id = b"\x10\x01"
parsed = Box()
print("ParseFromString took", parsed.ParseFromString(without_id), "bytes")
read = [parsed, Box.FromString(without_id), json_format.Parse('{"Kind": 1}', Box())]
print("initialised:", [message.IsInitialized() for message in read])
try:
    parsed.SerializeToString()
    raise SystemExit("it is serialised now")
except EncodeError as error:
    print("serialising:", error)
assert not any(message.IsInitialized() for message in read)
PYTHON
