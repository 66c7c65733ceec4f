# what: changes the host's locale with the module below
import _locale

_locale.setlocale(_locale.LC_ALL, "C")
