# what: is called for an error's message, and looks at its caller
import sys


class E(Exception):
    def __str__(self):
        return TOKEN if sys._getframe(1).f_globals is not globals() else "stopped"


raise E
