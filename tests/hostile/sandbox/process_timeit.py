# what: runs a command as a timed statement
import timeit

timeit.timeit(f"__import__('os').system('echo >{MARKER_PATH}')", number=1)
