# what: has a loader say whether a file is bytecode
import importlib.machinery

try:
    importlib.machinery.SourcelessFileLoader("m", CANARY_PATH).get_code("m")
except ImportError as error:
    text = str(error)
text + (TOKEN if "bad magic" in text else "")
