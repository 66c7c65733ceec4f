# title: Links normalised, joined and their tracking removed
# kind: tenant
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

TRACKING = ("utm_", "fbclid", "gclid")


def clean(url):
    parts = urlsplit(url)
    query = sorted(
        (k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not k.startswith(TRACKING)
    )
    host = parts.hostname.lower()
    port = "" if parts.port in (None, {"http": 80, "https": 443}[parts.scheme]) else f":{parts.port}"
    path = quote(unquote(parts.path)) or "/"
    return urlunsplit((parts.scheme, host + port, path, urlencode(query), ""))


links = [
    "https://Example.ORG:443/a%20b/?utm_source=x&z=1&a=2#top",
    "http://example.org:8080?gclid=77&q=caf%C3%A9+noir",
    urljoin("https://example.org/docs/3/library/", "../reference/index.html?fbclid=1"),
]
cleaned = [clean(link) for link in links]
print(*cleaned, sep="\n")
cleaned
