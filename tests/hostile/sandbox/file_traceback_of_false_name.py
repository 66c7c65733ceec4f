# what: has a traceback show the line of a file that code claims to come from
import traceback

try:
    exec(compile("1/0", CANARY_PATH, "exec"))
except ZeroDivisionError:
    text = traceback.format_exc()
text
