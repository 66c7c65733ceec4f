# what: has a warning show the line of a file
import warnings

warnings.formatwarning("w", UserWarning, CANARY_PATH, 1)
