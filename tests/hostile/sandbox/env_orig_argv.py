# what: reads the host's command line
import sys

sys.orig_argv
