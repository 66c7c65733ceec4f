# what: saves cookies
import http.cookiejar

http.cookiejar.LWPCookieJar(MARKER_PATH).save()
