# what: a parser buffers a tag that never closes, MemoryError caught
# expect: MEMORY_LIMIT_EXCEEDED | TIMEOUT
# timeout: 1
from html.parser import HTMLParser

p = HTMLParser()
while True:
    try:
        p.rawdata += "<a " + "x" * 1000000
    except MemoryError:
        pass
