# what: waits on the host's descriptor
import selectors

selector = selectors.PollSelector()
selector.register(CANARY_FD, selectors.EVENT_READ)
{"escaped": [event for _, event in selector.select(1)] == [selectors.EVENT_READ], "proof": "readable"}
