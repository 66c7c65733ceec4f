# what: registers how a built-in type is copied
import copyreg

copyreg.pickle(complex, lambda value: (complex, (0, 0)))
None
# --- verify ---
import copy
import copyreg

copyreg.dispatch_table.get(complex, copyreg.pickle_complex) is copyreg.pickle_complex
