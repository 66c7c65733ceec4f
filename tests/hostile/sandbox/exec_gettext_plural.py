# what: has gettext compile a plural form
import gettext

plural = gettext.c2py("n != 1")
plural.__builtins__["open"](CANARY_PATH).read()
