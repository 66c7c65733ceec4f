# what: a method is freed behind the type cache and then called
# expect: WORKER_CRASHED | EXECUTION_ERROR | SUCCESS | RESULT_NOT_SERIALIZABLE | MEMORY_LIMIT_EXCEEDED
import gc

{}.get("x")
gc.get_referents(dict.__dict__)[0]["get"] = lambda *a: "replaced"
for _ in range(1000):
    kept = [bytes(100) for _ in range(100)]
    {}.get("x")
