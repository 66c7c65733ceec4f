# what: generators that are closed and thrown into
log = []


def worker():
    try:
        while True:
            try:
                yield len(log)
            except ValueError as e:
                log.append(str(e))
    finally:
        log.append("closed")


g = worker()
next(g)
print(g.throw(ValueError("first")))
print(g.throw(ValueError("second")))
g.close()
log
