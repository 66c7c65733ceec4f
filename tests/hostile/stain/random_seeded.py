# what: the random numbers of later runs are foretold
# batch: stains
import random

random.seed(0)
# --- verify ---
import random

random.random() != 0.8444218515250481
