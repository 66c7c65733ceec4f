# what: finds a time zone in a folder of its choice
import zoneinfo

zoneinfo.reset_tzpath([CANARY_DIR])
from datetime import datetime

datetime(2020, 1, 1, tzinfo=zoneinfo.ZoneInfo("Canary")).tzname()
