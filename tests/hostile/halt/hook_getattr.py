# what: __getattr__ loops inside getattr with a default
# expect: TIMEOUT
# batch: hooks
class G:
    def __getattr__(self, name):
        while True:
            pass


getattr(G(), "x", None)
