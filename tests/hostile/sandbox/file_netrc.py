# what: reads a file of passwords
import netrc

netrc.netrc(CANARY_DIR + "/canary.netrc").authenticators("canary")
