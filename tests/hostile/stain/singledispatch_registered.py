# what: a generic function of the library has another case
# batch: stains
import pkgutil

pkgutil.iter_importer_modules.register(str, lambda importer, prefix="": ["stained"])
None
# --- verify ---
import pkgutil

str not in pkgutil.iter_importer_modules.registry
