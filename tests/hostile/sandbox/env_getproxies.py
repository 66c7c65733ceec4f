# what: reads the environment with urllib
import urllib.request

urllib.request.getproxies()
