# what: fixes the generator of random numbers for the next run
import random

random.random = lambda: 0.5
random.seed(1)
None
# --- verify ---
import random

random.random() != 0.5
