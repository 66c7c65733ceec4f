# what: has dataclasses make a function of a text
import dataclasses


A = dataclasses.make_dataclass("A", [("a", int)])
scope = A.__init__.__builtins__
scope["open"](CANARY_PATH).read()
