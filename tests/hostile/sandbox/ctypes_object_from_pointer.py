# what: makes an object of an address
import _ctypes

_ctypes.PyObj_FromPtr(id(TOKEN))
