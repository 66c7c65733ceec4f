# what: connects with smtplib
import smtplib

smtplib.SMTP("127.0.0.1", TCP_PORT)
