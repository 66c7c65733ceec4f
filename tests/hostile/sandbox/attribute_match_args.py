# what: takes an attribute through __match_args__ of a class of its own
import json


class Meta(type):
    def __instancecheck__(cls, instance):
        return True


class Any(metaclass=Meta):
    __match_args__ = ("__globals__",)


match json.dumps:
    case Any(scope):
        found = scope
found["codecs"].open(CANARY_PATH).read()
