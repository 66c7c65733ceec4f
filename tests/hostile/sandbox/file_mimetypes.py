# what: reads a table of MIME types
import mimetypes

mimetypes.read_mime_types(CANARY_DIR + "/canary.types")
