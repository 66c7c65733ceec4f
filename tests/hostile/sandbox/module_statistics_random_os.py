# what: reaches os as statistics.random._os
import statistics

os = statistics.random._os
os.read(os.open(CANARY_PATH, 0), 100)
