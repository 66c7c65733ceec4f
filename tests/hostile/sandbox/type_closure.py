# what: takes what a function closes over
import re
import functools

cell = functools.singledispatch(len).register.__closure__
{"escaped": any(callable(c.cell_contents) or c.cell_contents for c in cell), "proof": "cells"}
