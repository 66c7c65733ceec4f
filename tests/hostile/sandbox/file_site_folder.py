# what: has a folder's .pth file executed
import site
import sys

site.addsitedir(CANARY_DIR + "/site")
sys.canary
