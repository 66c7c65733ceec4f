# what: HMACs of one key for ever
# expect: TIMEOUT
import hmac

while True:
    hmac.digest(b"key", bytes(10000), "sha1")
