# what: loads CPython's module for tests of its internals
import _testinternalcapi

{"escaped": len(_testinternalcapi.get_configs()) > 0, "proof": "configuration"}
