# what: a new builtin name
# batch: stains
import builtins

builtins.stain_left = [1]
# --- verify ---
try:
    stain_left
except NameError:
    clean = True
else:
    clean = False
clean
