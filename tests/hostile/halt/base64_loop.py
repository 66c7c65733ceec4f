# what: base64 and hex of a large block for ever
# expect: TIMEOUT
# batch: computing
import base64
import binascii

data = bytes(10000000)
while True:
    base64.b64decode(base64.b64encode(data))
    binascii.unhexlify(binascii.hexlify(data))
