# what: dates parsed for ever
# expect: TIMEOUT
# batch: computing
import datetime

while True:
    datetime.datetime.strptime("2024-02-29 12:30:45", "%Y-%m-%d %H:%M:%S")
