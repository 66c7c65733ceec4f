# title: An exception whose own text raises and whose class lies
# kind: misuse
# expect: EXECUTION_ERROR
# timeout: 2
class Liar(Exception):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__

    @property
    def __class__(self):
        raise KeyboardInterrupt


raise Liar("never seen")
