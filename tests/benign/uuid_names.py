# what: identifiers made of names
import uuid

a = uuid.uuid5(uuid.NAMESPACE_DNS, "example.org")
b = uuid.uuid3(uuid.NAMESPACE_URL, "http://x")
(a, str(b), a.version, a.hex[:8], uuid.UUID(int=5).fields[-1], len({uuid.uuid4() for _ in range(10)}))
