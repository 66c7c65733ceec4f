# what: aborts inside handlers that catch everything
# expect: WORKER_CRASHED
import os

while True:
    try:
        try:
            os.abort()
        finally:
            while True:
                pass
    except BaseException:
        pass
