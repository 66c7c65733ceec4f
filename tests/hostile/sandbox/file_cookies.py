# what: reads a browser's cookies
import http.cookiejar

jar = http.cookiejar.MozillaCookieJar()
jar.load(CANARY_DIR + "/canary.cookies")
[cookie.value for cookie in jar]
