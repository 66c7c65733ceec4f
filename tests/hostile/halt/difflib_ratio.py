# what: SequenceMatcher on its worst kind of text
# expect: TIMEOUT
# batch: computing
import difflib

a = "ab" * 10000
difflib.SequenceMatcher(None, a, a[::-1] + "c", autojunk=False).ratio()
