# what: the C csv reader stays inside a quoted field of empty lines
# expect: TIMEOUT
# batch: hooks
import csv
import itertools

next(csv.reader(itertools.chain(['"'], itertools.repeat(""))))
