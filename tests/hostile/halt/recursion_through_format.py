# what: format fields nested through __format__, caught and repeated
# expect: TIMEOUT
class F:
    def __format__(self, spec):
        return f"{self:{spec}}"


while True:
    try:
        f"{F()}"
    except RecursionError:
        pass
