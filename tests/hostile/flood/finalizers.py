# what: a finalizer that makes the next one sends the messages
class Sender:
    def __del__(self):
        Sender()
        print("sent")


Sender()
while True:
    pass
