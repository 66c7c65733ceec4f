# what: copies a file by its URL
import urllib.request

urllib.request.urlretrieve("file://" + CANARY_PATH, MARKER_PATH)
