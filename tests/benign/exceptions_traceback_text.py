# what: an error's text as a program would log it
import traceback

try:
    {"a": 1}["b"]
except KeyError as e:
    text = "".join(traceback.format_exception_only(e))
text
