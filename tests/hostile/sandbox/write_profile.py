# what: has a profile written
import cProfile

cProfile.Profile().dump_stats(MARKER_PATH)
