# what: reads the clock that asyncio's modules have imported
# levels: STRICT
import asyncio

{"escaped": asyncio.base_events.time.perf_counter() > 0, "proof": "time"}
