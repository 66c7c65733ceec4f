# what: strings interned and kept
# expect: MEMORY_LIMIT_EXCEEDED
import sys

kept = []
while True:
    kept.append(sys.intern(f"interned text number {len(kept)}"))
