# what: steps through a function with the debugger's base class
import bdb

found = []


class Debugger(bdb.Bdb):
    def user_line(self, frame):
        found.append(frame.f_globals)


Debugger().runcall(print, "x")
{"escaped": any(scope is not globals() for scope in found), "proof": "f_globals"}
