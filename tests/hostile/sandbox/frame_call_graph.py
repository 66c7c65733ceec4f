# what: lists the awaiting functions
# python: >=3.14
import asyncio

graph = asyncio.capture_call_graph(asyncio.current_task())
await asyncio.sleep(0)
{"escaped": bool(graph.call_stack) and graph.call_stack[0].frame.f_back is not None, "proof": "frame"}
