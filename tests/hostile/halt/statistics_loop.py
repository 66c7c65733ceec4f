# what: the statistics module on a large sample, which works in fractions
# expect: TIMEOUT
# batch: computing
import statistics

xs = [i * 0.1 for i in range(200000)]
while True:
    statistics.variance(xs)
