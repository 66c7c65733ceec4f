# what: reads a module's source that is none
import importlib.machinery

importlib.machinery.SourceFileLoader("m", CANARY_PATH).get_source("m")
