# what: datetime.datetime is another class
# batch: stains
import datetime


class Fake(datetime.datetime):
    pass


datetime.datetime = Fake
# --- verify ---
import datetime

datetime.datetime.__name__ == "datetime"
