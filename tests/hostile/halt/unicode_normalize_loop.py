# what: normalisation of a large mixed text for ever
# expect: TIMEOUT
# batch: computing
import unicodedata

text = "\u00e9e\u0301\uac00\ufb01" * 500000
while True:
    unicodedata.normalize("NFKC", text)
