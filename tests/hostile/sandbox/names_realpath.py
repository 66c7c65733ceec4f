# what: resolves a symbolic link with a function of os.path
import posixpath

posixpath.realpath(CANARY_DIR + "/canary.link")
