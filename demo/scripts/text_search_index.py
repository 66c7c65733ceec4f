# title: An inverted index with AND and OR queries
# kind: tenant
# data: docs = topics
import re
from collections import defaultdict

index = defaultdict(set)
for name, text in docs.items():
    for word in set(re.findall(r"\w+", text.casefold())):
        index[word].add(name)


def search(query):
    match query.split():
        case [one]:
            return index.get(one, set())
        case [left, "and", *rest]:
            return index.get(left, set()) & search(" ".join(rest))
        case [left, "or", *rest]:
            return index.get(left, set()) | search(" ".join(rest))
        case _:
            raise ValueError(f"not a query: {query}")


queries = ["coroutine", "generator and exception", "metaclass and slots", "walrus or nonlocal"]
answers = {query: search(query) for query in queries}
for query, found in answers.items():
    print(f"{query}: {len(found)}")
return answers
