# what: a destructor allocates while the heap is full
# expect: MEMORY_LIMIT_EXCEEDED
kept = []


class D:
    def __del__(self):
        while True:
            kept.append([0] * 1000)


x = D()
while True:
    kept.append(bytearray(1 << 16))
    if len(kept) == 500:
        del x
