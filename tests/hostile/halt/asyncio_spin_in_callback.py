# what: the loop never comes back from a callback
# expect: TIMEOUT
# timeout: 0.4
import asyncio


def spin():
    while True:
        pass


loop = asyncio.new_event_loop()
loop.call_later(0.001, spin)
loop.run_forever()
