# what: reads a file with an importer's get_data()
import importlib.machinery

importlib.machinery.SourceFileLoader("m", CANARY_PATH).get_data(CANARY_PATH)
