# what: substitution by function, back references, flags
# strict: yes
import re

text = "The the quick  brown fox\tjumped over 3 lazy dogs and 12 cats"
print(re.sub(r"\b(\w+) \1\b", r"\1", text, flags=re.I))
print(re.sub(r"\d+", lambda m: str(int(m[0]) * 2), text))
(re.split(r"\s+", text)[:4], re.findall(r"\b[a-z]{5}\b", text), re.fullmatch(r"x*", "xxy"))
