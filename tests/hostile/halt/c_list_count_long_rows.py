# what: a list searched for what is not there, in a list of lists
# expect: TIMEOUT
# batch: iterators
row = [0] * 10000
other = row[:-1] + [1]
rows = [row] * 1000000
rows.count(other)
