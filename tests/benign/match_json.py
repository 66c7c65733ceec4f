# what: matching of messages
# strict: yes
import json

messages = ['{"type": "move", "to": [1, 2]}', '{"type": "say", "text": "hi"}', '{"x": 1}', "[1]", '{"type": "move"}']


def describe(m):
    match m:
        case {"type": "move", "to": [int(x), int(y)]}:
            return (x, y)
        case {"type": "say", "text": str(t)}:
            return t.upper()
        case {"type": kind}:
            return f"bad {kind}"
        case [*_]:
            return "list"
        case _:
            return None


[describe(json.loads(m)) for m in messages]
