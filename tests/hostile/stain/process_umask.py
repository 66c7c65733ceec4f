# what: the mask of file modes is another
import os

os.umask(0o051)
# --- verify ---
import os

mask = os.umask(0o022)
os.umask(mask)
mask != 0o051
