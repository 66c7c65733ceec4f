# what: a dict comprehension that writes one key for ever
# expect: TIMEOUT
# batch: loops
{0: i for i in iter(int, 1)}
