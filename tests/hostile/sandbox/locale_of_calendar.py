# what: has calendar change the host's locale
import calendar
import locale

with calendar.different_locale("C"):
    now = locale.setlocale(locale.LC_TIME)
{"escaped": now == "C", "proof": "locale"}
