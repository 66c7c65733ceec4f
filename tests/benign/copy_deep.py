# what: copies
# strict: yes
import copy

a = {"x": [1, [2]], "self": None}
a["self"] = a
shallow, deep = copy.copy(a), copy.deepcopy(a)
a["x"][1].append(3)
(shallow["x"], deep["x"], deep["self"] is deep, copy.deepcopy((1, 2)))
