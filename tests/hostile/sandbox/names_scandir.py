# what: lists a folder with posix.scandir()
import posix

[entry.name for entry in posix.scandir(CANARY_DIR + "/names")]
