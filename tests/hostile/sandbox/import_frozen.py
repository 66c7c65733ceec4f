# what: makes a frozen module
import _imp

scope = {"__name__": "os"}
exec(_imp.get_frozen_object("os"), scope)
scope["read"](scope["open"](CANARY_PATH, 0), 100)
