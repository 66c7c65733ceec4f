# title: Sets a text in two justified columns
# kind: user
# data: text = topic:truth
import textwrap
from itertools import zip_longest

WIDTH = 36


def justify(line):
    words = line.split()
    if len(words) < 3:
        return line.ljust(WIDTH)
    gaps, spaces = len(words) - 1, WIDTH - sum(map(len, words))
    each, more = divmod(spaces, gaps)
    return "".join(word + " " * (each + (i < more) if i < gaps else 0) for i, word in enumerate(words)).ljust(
        WIDTH
    )


lines = []
for paragraph in text.split("\n\n"):
    wrapped = textwrap.wrap(" ".join(paragraph.split()), WIDTH)
    lines += [justify(line) for line in wrapped[:-1]] + [line.ljust(WIDTH) for line in wrapped[-1:]]
    lines.append(" " * WIDTH)
half = (len(lines) + 1) // 2
page = [f"{a} | {b}".rstrip() for a, b in zip_longest(lines[:half], lines[half:], fillvalue="")]
print("\n".join(page))
len(page)
