# what: iterators combined
# strict: yes
import itertools as it

print(list(it.chain("ab", [1])), list(it.accumulate([1, 2, 3, 4], lambda a, b: a * b)), list(it.pairwise("abcd")))
print(list(it.product("ab", repeat=2))[1:3], list(it.combinations(range(4), 2))[-2:], list(it.zip_longest("ab", "c", fillvalue="-")))
(list(it.compress("abcd", [1, 0, 1, 0])), list(it.dropwhile(str.isdigit, "12a3")), list(it.starmap(pow, [(2, 5), (3, 2)])), [(k, len(list(g))) for k, g in it.groupby("aabccc")], list(it.islice(it.cycle("xy"), 5)), list(it.batched("abcdefg", 3)))
