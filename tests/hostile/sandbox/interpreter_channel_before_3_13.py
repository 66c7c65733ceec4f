# what: makes a channel that all interpreters share
# python: <3.13
import _xxinterpchannels

{"escaped": _xxinterpchannels.create() is not None, "proof": "id"}
