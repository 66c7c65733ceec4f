# what: one csv field without an end
# expect: MEMORY_LIMIT_EXCEEDED
import csv
import itertools

csv.field_size_limit(2**62)
next(csv.reader(itertools.chain(['"'], itertools.repeat("x" * 10000))))
