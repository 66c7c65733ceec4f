# what: makes a subclass of a class of the runner's and takes its methods
import sys


class Mine(type(sys.stdout)):
    pass


{"escaped": Mine.write.__globals__ is not globals(), "proof": "f_globals"}
