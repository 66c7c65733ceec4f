# what: the functions of random belong to a generator of the guest's
# batch: stains
import random

fixed = random.Random(7)
random._inst = fixed
random.random, random.getrandbits = fixed.random, fixed.getrandbits
random.uniform = fixed.uniform
# --- verify ---
import random

random.random.__self__ is random._inst and random.random() != random.Random(7).random()
