# what: has the debugger read commands
import builtins
import io
import pdb
import sys

sys.stdin = io.StringIO("p open(CANARY_PATH).read()\nc\n")
pdb.Pdb(stdin=sys.stdin, stdout=sys.stdout, nosigint=True, readrc=False).set_trace()
None
