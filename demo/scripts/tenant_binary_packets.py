# title: Binary packets packed, broken and found out by their checksum
# kind: tenant
import struct
import zlib

HEAD = struct.Struct(">2sBBIH")


def pack(kind, number, payload):
    head = HEAD.pack(b"PK", 1, kind, number, len(payload))
    return head + payload + struct.pack(">I", zlib.crc32(head + payload))


def unpack(stream):
    view, at = memoryview(stream), 0
    while at < len(view):
        magic, version, kind, number, size = HEAD.unpack_from(view, at)
        end = at + HEAD.size + size
        (crc,) = struct.unpack_from(">I", view, end)
        good = magic == b"PK" and version == 1 and crc == zlib.crc32(view[at:end])
        yield number, kind, bytes(view[at + HEAD.size : end]), good
        at = end + 4


stream = bytearray(b"".join(pack(n % 3, n, f"message {n}".encode() * n) for n in range(1, 8)))
stream[60] ^= 0x20
packets = list(unpack(stream))
for number, kind, payload, good in packets:
    print(number, kind, len(payload), "ok" if good else "BROKEN")
return packets
