# what: the last reference to a class drops objects that loop
# expect: TIMEOUT
import gc


class D:
    def __del__(self):
        while True:
            pass


class Holder:
    pass


Holder.attr = D()
del Holder
gc.collect()
