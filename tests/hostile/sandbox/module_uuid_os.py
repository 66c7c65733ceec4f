# what: reaches os as uuid.os
import uuid

os = uuid.os
os.read(os.open(CANARY_PATH, 0), 100)
