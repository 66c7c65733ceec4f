# title: What zlib makes of each topic
# kind: user
# data: docs = topics
import zlib

rows = []
for name, text in docs.items():
    data = text.encode()
    packed = zlib.compress(data, 6)
    assert zlib.decompress(packed) == data
    rows.append((name, len(data), len(data) / len(packed), zlib.crc32(data)))
rows.sort(key=lambda row: (-row[2], row[0]))
for name, size, ratio, crc in rows[:8]:
    print(f"{name:20} {size:7} bytes  {ratio:5.2f} : 1  {crc:08x}")
{"topics": len(rows), "crc": {name: crc for name, _, _, crc in rows}}
