# what: output through sys.stdout
import sys

sys.stdout.write("first ")
sys.stdout.write("second\n")
sys.stdout.flush()
print("third", file=sys.stdout)
sys.stderr.write("a warning\n")
print("another", file=sys.stderr)
sys.stdout.writelines(["x\n", "y\n"])
