# what: takes the globals of the finders of modules
import sys

found = [finder.find_spec.__globals__ for finder in sys.meta_path if hasattr(finder.find_spec, "__globals__")]
found += [finder.find_spec.__func__.__globals__ for finder in sys.meta_path if hasattr(finder.find_spec, "__func__")]
{"escaped": any("__builtins__" in scope for scope in found), "proof": len(found)}
