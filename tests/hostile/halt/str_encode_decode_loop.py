# what: through several codecs for ever
# expect: TIMEOUT
# batch: computing
text = "\u00e4\u20ac\U0001f600" * 300000
while True:
    for codec in ("utf-8", "utf-16", "utf-32", "utf-7", "unicode_escape"):
        text.encode(codec).decode(codec)
