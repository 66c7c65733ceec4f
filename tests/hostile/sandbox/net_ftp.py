# what: connects with ftplib
import ftplib

ftplib.FTP().connect("127.0.0.1", TCP_PORT)
