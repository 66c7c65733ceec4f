# what: digests
# strict: yes
import hashlib
import hmac

d = hashlib.sha256()
for part in (b"a", b"b"):
    d.update(part)
print(d.hexdigest()[:16], hashlib.md5(b"").hexdigest(), hashlib.blake2b(b"x", digest_size=8).hexdigest())
(hashlib.sha1(b"abc").hexdigest(), hmac.new(b"key", b"msg", "sha256").hexdigest()[:20], hmac.compare_digest("a", "a"), d.digest_size)
