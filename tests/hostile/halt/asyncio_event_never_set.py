# what: waits for an asyncio.Event in a top-level await
# expect: TIMEOUT
# timeout: 0.4
import asyncio

await asyncio.Event().wait()
