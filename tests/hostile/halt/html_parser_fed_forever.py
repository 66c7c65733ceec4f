# what: an HTML parser is fed for ever
# expect: TIMEOUT | MEMORY_LIMIT_EXCEEDED
# batch: hooks
from html.parser import HTMLParser

p = HTMLParser()
while True:
    p.feed("<a href='x'>text</a>")
