# what: has logging evaluate its configuration
import io
import logging.config

text = f"""
[loggers]
keys=root
[handlers]
keys=h
[formatters]
keys=
[logger_root]
handlers=h
[handler_h]
class=StreamHandler
args=(open({MARKER_PATH!r}, "w"),)
"""
logging.config.fileConfig(io.StringIO(text))
