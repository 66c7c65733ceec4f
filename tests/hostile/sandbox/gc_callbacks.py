# what: hears of every collection
import gc

heard = []
gc.callbacks.append(lambda phase, info: heard.append(phase))
gc.collect()
{"escaped": len(heard) > 0, "proof": heard}
