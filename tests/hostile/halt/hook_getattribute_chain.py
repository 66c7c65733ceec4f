# what: __getattribute__ asks for another attribute, and so on
# expect: EXECUTION_ERROR | TIMEOUT
# batch: hooks
class G:
    def __getattribute__(self, name):
        return getattr(self, name + "x")


while True:
    try:
        G().a
    except RecursionError:
        pass
