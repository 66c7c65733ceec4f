# what: names stay in the module of the program
# batch: stains
stain_global = [1]
globals()["__name__"] = "stained"
# --- verify ---
"stain_global" not in globals() and __name__ != "stained"
