# what: dataclasses look for their fields under another name
# batch: stains
import dataclasses

dataclasses._FIELDS = "__stained_fields__"
dataclasses.MISSING = None
# --- verify ---
import dataclasses


@dataclasses.dataclass
class D:
    x: int


hasattr(D, "__dataclass_fields__") and dataclasses.fields(D)[0].default is dataclasses.MISSING
