# what: buffered bytes
import io
import struct

buffer = io.BytesIO()
for i, name in enumerate(("ab", "cdé")):
    data = name.encode()
    buffer.write(struct.pack("<HB", i, len(data)) + data)
buffer.seek(0)
rows = []
while head := buffer.read(3):
    number, length = struct.unpack("<HB", head)
    rows.append((number, buffer.read(length).decode()))
rows
