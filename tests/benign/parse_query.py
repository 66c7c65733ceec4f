# what: a small query language
# strict: yes
import operator

rows = [{"n": "a", "age": 31}, {"n": "b", "age": 25}, {"n": "c", "age": 40}]
OPS = {"<": operator.lt, ">": operator.gt, "=": operator.eq}


def query(text):
    key, op, value = text.split()
    value = int(value) if value.isdigit() else value
    return [r["n"] for r in rows if OPS[op](r[key], value)]


[query("age > 30"), query("n = b"), query("age < 1")]
