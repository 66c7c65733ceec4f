# what: operators as functions
# strict: yes
import operator
from functools import reduce

people = [{"n": "a", "age": 3}, {"n": "b", "age": 1}]
print(sorted(people, key=operator.itemgetter("age"))[0]["n"], reduce(operator.xor, [1, 2, 4]), operator.methodcaller("upper")("x"))
(operator.attrgetter("real", "imag")(3 + 4j), operator.contains([1], 1), operator.truediv(7, 2), operator.itemgetter(1, 3)("abcd"), operator.index(True))
