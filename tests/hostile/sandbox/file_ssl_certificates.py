# what: has the TLS library read a file
import ssl

try:
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(CANARY_PATH)
except ssl.SSLError as error:
    text = TOKEN + str(error)
text
