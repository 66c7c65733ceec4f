# what: ends the process with a fatal error
import _testcapi

_testcapi.fatal_error(b"enclave")
