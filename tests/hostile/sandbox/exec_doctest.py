# what: runs an example of a docstring
import doctest

doctest.run_docstring_examples(">>> print(open(p).read())\n", {"p": CANARY_PATH})
