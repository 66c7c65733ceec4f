# what: ends the process with the module below os
import posix

posix._exit(3)
