# what: unpickles by a number that it has registered
import copyreg
import pickle

copyreg.add_extension("io", "open", 200)
pickle.loads(b"\x80\x02\x82\xc8V" + CANARY_PATH.encode() + b"\n\x85R.").read()
