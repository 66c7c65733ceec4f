# what: connects with imaplib
import imaplib

imaplib.IMAP4("127.0.0.1", TCP_PORT)
