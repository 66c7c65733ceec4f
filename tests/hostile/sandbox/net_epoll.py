# what: makes an epoll descriptor
import select

{"escaped": select.epoll().fileno() >= 0, "proof": "descriptor"}
