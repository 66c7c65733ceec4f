# what: ValueError names another class
# batch: stains
import builtins

builtins.ValueError = KeyError
# --- verify ---
try:
    int("x")
except ValueError:
    clean = True
clean
