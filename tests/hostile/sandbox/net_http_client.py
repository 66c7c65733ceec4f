# what: asks by HTTP
import http.client

connection = http.client.HTTPConnection("127.0.0.1", TCP_PORT)
connection.request("GET", "/")
connection.getresponse().read()
