# title: Registers lies with abstract classes and warnings
# kind: stain
# expect: OK
# timeout: 2
import collections.abc
import functools
import operator
import warnings

collections.abc.Sized.register(int)
warnings.filters.clear()
warnings.simplefilter("error")
functools.reduce = operator.add = None
isinstance(3, collections.abc.Sized)
