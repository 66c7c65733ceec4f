# what: linecache, which a traceback would ask for source, loops
# expect: TIMEOUT | EXECUTION_ERROR
import linecache
import traceback


def spin(*a, **k):
    while True:
        pass


linecache.getline = linecache.getlines = linecache.checkcache = linecache.updatecache = spin
traceback.print_exception = traceback.format_exception = traceback.TracebackException = spin
1 / 0
