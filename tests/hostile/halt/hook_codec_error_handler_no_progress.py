# what: an error handler that never moves on inside the C decoder
# expect: TIMEOUT
# batch: hooks
import codecs

codecs.register_error("stay", lambda e: ("", e.start))
b"\xff".decode("ascii", "stay")
