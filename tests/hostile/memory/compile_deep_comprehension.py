# what: a source of many functions, compiled and kept
# expect: MEMORY_LIMIT_EXCEEDED
kept = []
n = 0
while True:
    n += 1
    kept.append(compile("\n".join(f"def f{n}_{i}(a=[{i}]): return a + {i}" for i in range(1000)), "f", "exec"))
