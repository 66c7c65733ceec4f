# what: changes the host's locale
import locale

locale.setlocale(locale.LC_ALL, "C")
