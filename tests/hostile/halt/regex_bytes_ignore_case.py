# what: case-insensitive bytes
# expect: TIMEOUT
# batch: computing
import re

re.fullmatch(rb"(?i)([A-Z]+[a-z]*)*1", b"aA" * 60 + b"!")
