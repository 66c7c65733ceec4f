# what: a small configuration language
# strict: yes
text = """
; comment
[main]
name = demo
debug = yes
[paths]
root = /srv   # not read, only named
"""
config, section = {}, None
for line in text.splitlines():
    line = line.split("#")[0].strip()
    if not line or line.startswith(";"):
        continue
    if line.startswith("["):
        section = config.setdefault(line.strip("[]"), {})
    else:
        key, _, value = line.partition("=")
        section[key.strip()] = {"yes": True, "no": False}.get(value.strip(), value.strip())
config
