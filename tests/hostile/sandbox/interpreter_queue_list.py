# what: lists the process's queues
# python: >=3.13
import _interpqueues

{"escaped": isinstance(_interpqueues.list_all(), list), "proof": "ids"}
