# what: changes the list of folders in which time zones are looked for
import zoneinfo._tzpath

zoneinfo._tzpath.TZPATH = (CANARY_DIR,)
zoneinfo._tzpath.find_tzfile("Canary") and TOKEN
