# what: the mapping of format_map loops
# expect: TIMEOUT
# batch: hooks
class M:
    def __getitem__(self, key):
        while True:
            pass


"{x}".format_map(M())
