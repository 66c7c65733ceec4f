# what: has typing evaluate an annotation
import typing


class A:
    a: "__import__('builtins').setattr(__import__('sys'), 'found', open(CANARY_PATH).read()) or int"


typing.get_type_hints(A, globals())
__import__("sys").found
