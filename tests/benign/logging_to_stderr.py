# what: log messages
import logging

logging.basicConfig(level=logging.INFO, format="%(levelname)s:%(name)s:%(message)s")
log = logging.getLogger("app.db")
log.debug("hidden")
log.info("connected to %s", "db1")
log.warning("slow: %.1f s", 2.345)
try:
    1 / 0
except ZeroDivisionError as e:
    log.error("failed: %s", e)
log.getEffectiveLevel()
