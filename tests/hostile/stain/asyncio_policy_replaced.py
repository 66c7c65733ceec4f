# what: the event loop policy is one of the guest's
# batch: stains
import asyncio


class Policy(getattr(asyncio.events, "_BaseDefaultEventLoopPolicy", None) or asyncio.events.BaseDefaultEventLoopPolicy):
    stained = True


asyncio.events._event_loop_policy = Policy()
# --- verify ---
import asyncio

not hasattr(asyncio.events._event_loop_policy, "stained")
