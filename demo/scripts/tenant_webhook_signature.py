# title: Webhook signatures made and verified
# kind: tenant
import base64
import hashlib
import hmac
import json

SECRET = bytes.fromhex("7f" * 16)


def sign(payload, at):
    body = json.dumps(payload, separators=(",", ":"), sort_keys=True).encode()
    digest = hmac.new(SECRET, b"%d." % at + body, hashlib.sha256).digest()
    return body, f"t={at},v1={base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def verify(body, header, now, tolerance=300):
    fields = dict(part.split("=", 1) for part in header.split(","))
    at = int(fields["t"])
    given = base64.urlsafe_b64decode(fields["v1"] + "=" * (-len(fields["v1"]) % 4))
    wanted = hmac.new(SECRET, b"%d." % at + body, hashlib.sha256).digest()
    return abs(now - at) <= tolerance and hmac.compare_digest(given, wanted)


body, header = sign({"event": "paid", "amount": 1250, "tags": ["a", "ü"]}, 1_700_000_000)
print(header)
checks = {
    "right": verify(body, header, 1_700_000_100),
    "late": verify(body, header, 1_700_009_999),
    "changed": verify(body.replace(b"1250", b"9250"), header, 1_700_000_100),
}
checks, header
