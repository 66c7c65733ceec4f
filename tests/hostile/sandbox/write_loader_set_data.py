# what: writes a file with an importer's set_data()
import importlib.machinery

importlib.machinery.SourceFileLoader("m", MARKER_PATH).set_data(MARKER_PATH, b"x")
