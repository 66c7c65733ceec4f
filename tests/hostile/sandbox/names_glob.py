# what: matches file names
import glob

glob.glob(CANARY_DIR + "/names/*")
