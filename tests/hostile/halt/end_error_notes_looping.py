# what: the notes of the exception are an endless iterator
# expect: TIMEOUT | EXECUTION_ERROR
import itertools

e = ValueError("x")
e.__notes__ = itertools.repeat("note")
raise e
