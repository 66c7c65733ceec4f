# what: writes nothing, again and again, past every buffer
import sys

write = sys.stderr.write
while True:
    try:
        write("")
    except BaseException:
        continue
