# what: addresses taken apart
# strict: yes
from urllib.parse import urlparse, parse_qs, urlencode, quote, unquote, urljoin, urlsplit

u = urlparse("https://user@example.org:8080/a/b;p?x=1&y=2&x=3#frag")
print(u.hostname, u.port, u.path, parse_qs(u.query), u.fragment)
(urlencode({"q": "a b&c", "n": 1}), quote("ä/ö"), unquote("%41+"), urljoin("http://a/b/c", "../d"), urlsplit("//h/p").netloc)
