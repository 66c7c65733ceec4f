# what: unicodedata asked for all names in turn, for ever
# expect: TIMEOUT
# batch: hooks
import unicodedata

while True:
    for c in range(0x110000):
        unicodedata.name(chr(c), None)
