# what: takes the dictionary of a built-in type out of a proxy by a comparison
# python: <3.15
class Thief:
    def __eq__(self, other):
        other["stain"] = 1
        return True


float.__dict__ == Thief()
None
# --- verify ---
not hasattr(float, "stain")
