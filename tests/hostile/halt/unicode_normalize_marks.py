# what: normalisation of a long run of combining marks
# expect: TIMEOUT
# batch: computing
import unicodedata

text = "a" + "\u0301\u0327" * 200000
while True:
    unicodedata.normalize("NFD", text)
