# title: XXX, TODO and FIXME in the library
# kind: tenant
# data: files = sources:
import re
from itertools import groupby

MARK = re.compile(r"#.*?\b(?P<mark>XXX|TODO|FIXME|HACK)\b[:\s]*(?P<text>.*)")
notes = [
    (match["mark"], module, number, match["text"].strip())
    for module, source in files.items()
    for number, line in enumerate(source.splitlines(), 1)
    if (match := MARK.search(line))
]
notes.sort()
for mark, group in groupby(notes, key=lambda note: note[0]):
    items = list(group)
    print(f"{mark}: {len(items)}, the first: {items[0][1]}:{items[0][2]} {items[0][3]}")
return notes
