# what: the caches of typing keep a class alive
# batch: stains
import typing


class StainClass:
    pass


typing.List[StainClass]
typing.Dict[str, StainClass]
typing.Optional[StainClass]
del StainClass
import gc

gc.collect()
# --- verify ---
not any(c.__name__ == "StainClass" for c in object.__subclasses__())
