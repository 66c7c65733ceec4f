# what: thousands of classes use up version tags, and some stay
# batch: stains
import sys

for i in range(3000):
    c = type(f"StainClass{i}", (object,), {"x": i, "f": lambda self: self.x})
    c().f()
    c.x = i + 1
    c().f()
sys.stain_class = c
# --- verify ---
import sys


class C:
    x = 1

    def f(self):
        return self.x


total = 0
for i in range(200):
    C.x = i
    total += C().f()
total == 19900 and not hasattr(sys, "stain_class")
