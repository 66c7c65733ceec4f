# what: runs code in an interpreter made by CPython's test module
import _testcapi

{"escaped": _testcapi.run_in_subinterp("1") == 0, "proof": "ran"}
