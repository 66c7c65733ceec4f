# what: connects with multiprocessing
import multiprocessing.connection

client = multiprocessing.connection.SocketClient(UNIX_PATH)
__import__("os").read(client.fileno(), 200)
