# what: twelve nested loops of a thousand turns
# expect: TIMEOUT
# batch: loops
r = range(1000)
for a in r:
    for b in r:
        for c in r:
            for d in r:
                for e in r:
                    for f in r:
                        for g in r:
                            for h in r:
                                for i in r:
                                    for j in r:
                                        for k in r:
                                            for m in r:
                                                pass
