# what: a difference of texts
# strict: yes
import difflib

a = ["one", "two", "three", "four"]
b = ["one", "2", "three", "four", "five"]
print("\n".join(difflib.unified_diff(a, b, "old", "new", lineterm="")))
(round(difflib.SequenceMatcher(None, "abcd", "bcde").ratio(), 3), difflib.get_close_matches("appel", ["ape", "apple", "peach"]))
