# what: makes an xz file
import lzma

lzma.LZMAFile(MARKER_PATH, "w").close()
