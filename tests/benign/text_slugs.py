# what: names for addresses
# strict: yes
import re
import unicodedata


def slug(title):
    text = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


[slug(t) for t in ("Hello, World!", "  Ünïcode & más  ", "a--b__c", "***")]
