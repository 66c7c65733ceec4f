# what: loggers, handlers and levels are left
# batch: stains
import logging

log = logging.getLogger("stain.logger")
log.addHandler(logging.NullHandler())
logging.getLogger().setLevel(1)
logging.addLevelName(35, "STAIN")
logging.raiseExceptions = False
# --- verify ---
import logging

(
    "stain.logger" not in logging.root.manager.loggerDict
    and logging.root.level != 1
    and logging.getLevelName(35) == "Level 35"
    and logging.raiseExceptions
)
