# what: reaches builtins as codecs.builtins
import codecs

codecs.builtins.open(CANARY_PATH).read()
