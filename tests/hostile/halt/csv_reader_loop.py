# what: csv read for ever from a generator
# expect: TIMEOUT
# batch: computing
import csv


def lines():
    while True:
        yield 'a,"b, c",d\r\n'


for _ in csv.reader(lines()):
    pass
