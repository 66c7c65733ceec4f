# what: has memory statistics written to the host's standard error
import sys

sys._debugmallocstats()
