# what: edits a file in place
import fileinput

with fileinput.input([VICTIM_PATH], inplace=True) as lines:
    for line in lines:
        pass
