# what: asks by HTTP with urllib
import urllib.request

urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{TCP_PORT}/").read()
