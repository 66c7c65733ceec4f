# what: has another interpreter read a file
# python: >=3.13
import _interpreters

other = _interpreters.create("legacy")
_interpreters.exec(other, f"open({MARKER_PATH!r}, 'w').close()")
