# what: calls a procedure by XML-RPC
import xmlrpc.client

try:
    xmlrpc.client.ServerProxy(f"http://127.0.0.1:{TCP_PORT}").f()
except xmlrpc.client.ProtocolError as error:
    text = error.errmsg
except Exception as error:
    text = TOKEN if "xml" in type(error).__module__ else repr(error)
text
