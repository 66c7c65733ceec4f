# what: descriptors are left open
# layer: process
import os

for number in range(200, 220):
    os.dup2(0, number)
# --- verify ---
import os

try:
    os.fstat(210)
except OSError:
    clean = True
else:
    clean = False
clean
