# what: reads a package's resource from far outside of it
import importlib.resources

importlib.resources.files("json").joinpath("../" * 30 + CANARY_PATH.lstrip("/")).read_text()
