# what: a tokenizer with a scanner
# strict: yes
import re

spec = [("NUM", r"\d+(\.\d*)?"), ("ID", r"[A-Za-z_]\w*"), ("OP", r"[-+*/()=]"), ("SKIP", r"\s+"), ("BAD", r".")]
master = re.compile("|".join(f"(?P<{n}>{p})" for n, p in spec))
[(m.lastgroup, m[0]) for m in master.finditer("x1 = 3.5*(y - 2) $") if m.lastgroup != "SKIP"]
