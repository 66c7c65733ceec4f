# what: code objects read again and again and kept
# expect: MEMORY_LIMIT_EXCEEDED
import marshal

source = "\n".join(f"def f{i}(a=[{i}]): return a + {i}" for i in range(1000))
data = marshal.dumps(compile(source, "f", "exec"))
kept = []
while True:
    kept.append(marshal.loads(data))
