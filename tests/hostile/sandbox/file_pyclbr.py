# what: browses the classes of a module in a folder of its choice
import pyclbr

list(pyclbr.readmodule("canary_module", [CANARY_DIR]))
