# what: full collections of many cycles, back to back
# expect: TIMEOUT
import gc

xs = [[i] for i in range(200000)]
for x in xs:
    x.append(x)
while True:
    gc.collect()
