# what: a new builtin name
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
