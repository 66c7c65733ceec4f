"""What callgrind counts of the codec: `counted_codec.py EXTENSION`; see tests/native/native_count_region.c."""

import importlib.util
import os
import sys

TURNS = 200
SAMPLES = {
    "a small int": 7,
    "text of 200 characters": "abcd efghi" * 20,
    "a request": ("x + y", "<script>", None, {"x": 1, "y": [2.5, True, None]}),
    "1,000 small items": [
        {"id": i, "name": f"row {i}", "value": i / 7, "tags": ["a", "b"]} for i in range(125)
    ],
    "64 KiB of bytes": bytes(65536),
}


def phase(name, turns):
    sys.stdout.write(f"{turns} {name}\n")
    sys.stdout.flush()
    os.getppid()


def main():
    spec = importlib.util.spec_from_file_location("enclave_subinterp._native", sys.argv[1])
    native = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(native)
    for name, value in SAMPLES.items():
        data = native.encode(value)
        turns = TURNS if len(data) < 1000 else TURNS // 10
        for what, call, argument in (("encode", native.encode, value), ("decode", native.decode, data)):
            for _ in range(20):
                call(argument)
            phase(f"{what} {name}", turns)
            for _ in range(turns):
                call(argument)
            phase("(between)", 1)
    phase("", 0)


main()
