# what: asks the collector for the referrers of every object
# expect: TIMEOUT
import gc

xs = [[i] for i in range(50000)]
while True:
    for x in xs:
        gc.get_referrers(x)
