# what: HMACs of one key for ever
# expect: TIMEOUT
# batch: computing
import hmac

while True:
    hmac.digest(b"key", bytes(10000), "sha1")
