# title: Stable ids for events, by name and by content
# kind: tenant
import hashlib
import uuid

SPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "events.example.org")
events = [("order", 17), ("order", 18), ("refund", 17), ("order", 17)]
ids, seen, duplicates = {}, set(), []
for kind, number in events:
    event_id = uuid.uuid5(SPACE, f"{kind}/{number}")
    if event_id in seen:
        duplicates.append(event_id)
    seen.add(event_id)
    ids[kind, number] = event_id
    print(f"{kind}/{number}: {event_id} (version {event_id.version})")
short = {str(key): hashlib.blake2b(value.bytes, digest_size=5).hexdigest() for key, value in ids.items()}
return ids, duplicates, short
