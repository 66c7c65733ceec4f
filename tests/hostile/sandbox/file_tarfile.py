# what: reads from a tar archive
import tarfile

tarfile.open(CANARY_DIR + "/canary.tar").extractfile("canary.txt").read()
