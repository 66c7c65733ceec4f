# what: the collector is off, its thresholds changed, its debug flags set
# batch: stains
import gc

gc.disable()
gc.set_threshold(12345, 7, 7)
gc.set_debug(gc.DEBUG_SAVEALL)
# --- verify ---
import gc

gc.isenabled() and gc.get_threshold()[0] != 12345 and gc.get_debug() == 0
