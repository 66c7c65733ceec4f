# what: opens a file by its URL
import urllib.request

urllib.request.urlopen("file://" + CANARY_PATH).read()
