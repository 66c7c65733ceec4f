# what: len answers 42 for all who come later
# batch: stains
import builtins

builtins.len = lambda x: 42
# --- verify ---
len([1, 2]) == 2
