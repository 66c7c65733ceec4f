# what: reaches os as zoneinfo._tzpath.os
import zoneinfo

os = zoneinfo._tzpath.os
os.read(os.open(CANARY_PATH, 0), 100)
