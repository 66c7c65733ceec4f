# what: pickles with high memo indexes, everything caught
# expect: MEMORY_LIMIT_EXCEEDED | TIMEOUT
# timeout: 1
import pickle

while True:
    try:
        pickle.loads(b"\x80\x04Nr\x00\x00\x00\x20.")
    except BaseException:
        pass
