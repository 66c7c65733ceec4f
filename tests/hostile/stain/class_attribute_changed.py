# what: methods of pure-Python classes are replaced
# batch: stains
import collections
import json
import string

json.JSONEncoder.encode = lambda self, o: "stained"
collections.Counter.most_common = lambda self, n=None: "stained"
string.Template.delimiter = "!"
# --- verify ---
import collections
import json
import string

(
    json.JSONEncoder().encode([1]) == "[1]"
    and collections.Counter("aab").most_common(1) == [("a", 2)]
    and string.Template.delimiter == "$"
)
