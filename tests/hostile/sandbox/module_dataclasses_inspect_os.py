# what: reaches os as dataclasses.inspect.os
# python: <3.15
import dataclasses

os = dataclasses.inspect.os
os.read(os.open(CANARY_PATH, 0), 100)
