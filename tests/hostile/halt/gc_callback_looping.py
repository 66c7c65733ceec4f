# what: a callback of the collector never returns
# expect: TIMEOUT
import gc


def spin(phase, info):
    while True:
        pass


gc.callbacks.append(spin)
gc.collect()
