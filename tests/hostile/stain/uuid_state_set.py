# what: uuid remembers a node and a time of the guest's
# batch: stains
import uuid

uuid._node = 0x0123456789AB
uuid._last_timestamp = 1 << 59
uuid._generate_time_safe = None
# --- verify ---
import uuid

uuid._node != 0x0123456789AB and uuid._last_timestamp != 1 << 59
