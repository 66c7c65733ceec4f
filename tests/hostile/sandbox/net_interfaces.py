# what: lists the network interfaces
import socket

{"escaped": bool(socket.if_nameindex()), "proof": "interfaces"}
