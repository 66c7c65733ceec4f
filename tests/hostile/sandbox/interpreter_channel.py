# what: makes a channel that all interpreters share
# python: >=3.13
import _interpchannels

try:
    channel = _interpchannels.create(1)
except TypeError:
    channel = _interpchannels.create()
{"escaped": channel is not None, "proof": "id"}
