"""Scripts run by a C program: ``python -m enclave_subinterp.embed build DIR`` makes libenclave.so and enclave.h.

It needs the extra `embed` (cffi), a C compiler and a libpython; docs/embedding.md tells the rest.  `enclave.h` is the
contract, the C files are behind it, `bridge.py` is what they call, `build.py` puts them together and
`libpython.py` finds out how a program is linked with this Python.
"""
