# what: has calendar change the host's locale
import calendar
import locale

with calendar.different_locale("C.UTF-8"):
    now = locale.setlocale(locale.LC_TIME)
{"escaped": now == "C.UTF-8", "proof": "locale"}
