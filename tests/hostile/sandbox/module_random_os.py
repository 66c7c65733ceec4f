# what: reaches os as random._os
import random

os = random._os
os.read(os.open(CANARY_PATH, 0), 100)
