# what: has a timer start a thread
import threading

fired = threading.Event()
threading.Timer(0.001, fired.set).start()
{"escaped": fired.wait(2), "proof": "fired"}
