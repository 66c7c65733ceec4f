# what: a filter turns warnings into errors
# batch: stains
import warnings

warnings.filterwarnings("error", message="stain")
# --- verify ---
import warnings

with warnings.catch_warnings(record=True):
    warnings.warn("stain")
True
