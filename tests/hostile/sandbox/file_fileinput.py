# what: reads a file with fileinput
import fileinput

list(fileinput.input([CANARY_PATH]))
