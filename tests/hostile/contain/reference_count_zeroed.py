# what: frees a class that is in use
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED | TIMEOUT
try:
    import ctypes
except ImportError:  # a null read by broken bytecode instead
    import dis

    op = dis.opmap

    def broken():
        pass

    far = [op["EXTENDED_ARG"], 0x7F, op["EXTENDED_ARG"], 0xFF, op["EXTENDED_ARG"], 0xFF]
    code = bytes([op["RESUME"], 0, *far, op["LOAD_FAST"], 0xFF, op["RETURN_VALUE"], 0])
    broken.__code__ = broken.__code__.replace(co_code=code)
    broken()

class C:
    def f(self):
        return 1


x = C()
for _ in range(100):
    ctypes.pythonapi.Py_DecRef(ctypes.py_object(C))
import gc

gc.collect()
for i in range(1000):
    kept = [type(f"D{i}", (), {"a": i}) for i in range(100)]
    x.f()
    repr(x)
raise SystemError("the freed class still answers")
