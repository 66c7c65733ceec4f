# title: Replaces sys.stdout and the hooks
# kind: stain
# expect: OK
# timeout: 2
import sys


class Sink:
    def write(self, text):
        return len(text)

    def flush(self):
        pass


sys.stderr = sys.stdout = Sink()
sys.excepthook = sys.unraisablehook = sys.displayhook = lambda *args: None
"stained"
