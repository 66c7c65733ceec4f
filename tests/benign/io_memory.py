# what: streams in memory
# strict: yes
import io

out = io.StringIO()
print("a", "b", sep="-", file=out)
out.write("last")
raw = io.BytesIO(b"line1\nline2\nrest")
first = raw.readline()
raw.seek(-4, io.SEEK_END)
text = io.TextIOWrapper(io.BytesIO("één\ntwee\n".encode()), "utf-8")
(out.getvalue(), first, raw.read(), text.readlines(), raw.tell(), io.StringIO("a\nb").read(2))
