# what: the value is a datetime whose time zone loops
# expect: TIMEOUT | SUCCESS | RESULT_NOT_SERIALIZABLE
# timeout: 0.2
import datetime


class Z(datetime.tzinfo):
    def utcoffset(self, when=None):
        while True:
            pass

    dst = tzname = __reduce__ = __repr__ = utcoffset


datetime.datetime(2024, 2, 29, tzinfo=Z())
