# what: case-insensitive bytes
# expect: TIMEOUT
import re

re.fullmatch(rb"(?i)([A-Z]+[a-z]*)*1", b"aA" * 60 + b"!")
