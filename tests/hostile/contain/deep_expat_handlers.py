# what: an XML parser inside its own handlers, or eval in eval where expat does not load
# expect: WORKER_CRASHED | EXECUTION_ERROR | MEMORY_LIMIT_EXCEEDED
import sys

sys.setrecursionlimit(10**8)
try:
    import xml.parsers.expat as expat
except ImportError:
    source = "eval(source)"
    eval(source)
else:

    def start(name, attributes):
        p = expat.ParserCreate()
        p.StartElementHandler = start
        p.Parse("<a></a>", True)

    start("a", {})
