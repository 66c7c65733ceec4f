# what: floods through a stream of its own that holds on to the first one
import sys


class Tee:
    def __init__(self, stream):
        self.stream = stream

    def write(self, text):
        for letter in text:
            self.stream.write(letter)

    def flush(self):
        pass


sys.stdout = Tee(sys.stdout)
while True:
    print("letter by letter")
