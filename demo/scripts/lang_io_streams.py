# title: Files in memory: CSV, text and bytes without a disk
# kind: user
import base64
import csv
import io
import zlib

rows = [["id", "text", "n"], [1, 'say "hi", twice', 2.5], [2, "two\nlines", -1], [3, "ünï", 0]]
text = io.StringIO(newline="")
csv.writer(text, dialect="excel", quoting=csv.QUOTE_NONNUMERIC).writerows(rows)
text.seek(0)
back = list(csv.reader(text, quoting=csv.QUOTE_NONNUMERIC))
buffer = io.BytesIO()
with io.TextIOWrapper(buffer, encoding="utf-16-le", write_through=True) as wrapped:
    wrapped.write("\n".join(map(str, rows)))
    raw = buffer.getvalue()
packed = base64.b85encode(zlib.compress(raw, 9))
assert zlib.decompress(base64.b85decode(packed)) == raw
print(text.getvalue().replace("\r\n", "\n"), end="")
print(len(raw), "->", len(packed), packed[:32].decode())
return back, raw[:16], zlib.adler32(raw)
