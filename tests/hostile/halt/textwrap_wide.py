# what: textwrap over a text without spaces and with many hyphens
# expect: TIMEOUT
# batch: computing
import textwrap

while True:
    textwrap.wrap("a-" * 300000, 10)
