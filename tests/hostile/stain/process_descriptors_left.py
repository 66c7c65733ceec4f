# what: descriptors are left open
import os

r, w = os.pipe()
for number in range(200, 220):
    os.dup2(r, number)
# --- verify ---
import os

try:
    os.fstat(210)
except OSError:
    clean = True
else:
    clean = False
clean
