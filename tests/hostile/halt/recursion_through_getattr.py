# what: __getattr__ that meets itself, caught and repeated
# expect: TIMEOUT
class G:
    def __getattr__(self, name):
        return self.other


while True:
    try:
        G().x
    except RecursionError:
        pass
