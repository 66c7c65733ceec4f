# what: listens with multiprocessing
import multiprocessing.connection

{"escaped": bool(multiprocessing.connection.Listener(("127.0.0.1", 0)).address), "proof": "address"}
