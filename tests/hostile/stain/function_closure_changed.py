# what: a cell that a library function closes over is filled anew
# batch: stains
import functools
import pkgutil

register = pkgutil.iter_importer_modules.register
for cell in register.__closure__:
    if isinstance(cell.cell_contents, dict) or type(cell.cell_contents).__name__ == "WeakKeyDictionary":
        cell.cell_contents = None
pkgutil.stained = [c.cell_contents for c in register.__closure__].count(None)
# --- verify ---
import pkgutil

register = pkgutil.iter_importer_modules.register
sum(type(c.cell_contents).__name__ in ("dict", "WeakKeyDictionary") for c in register.__closure__) >= 2
