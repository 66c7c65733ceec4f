# what: has the debugger look up a file
import pdb

pdb.Pdb(readrc=False, nosigint=True).lookupmodule(CANARY_DIR + "/canary_module") and TOKEN
