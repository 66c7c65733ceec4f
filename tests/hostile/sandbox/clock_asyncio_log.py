# what: reads the clock from records of asyncio's own log
# levels: STRICT
import asyncio

found = []


def keep(record):
    found.append(record.created)
    found.append(asyncio.log.logging.Formatter().formatTime(record) > "1971")
    return False


asyncio.log.logger.addFilter(keep)
asyncio.log.logger.error("x")
{"escaped": any(found), "proof": "time"}
