# what: has a name whose letters are from two alphabets
# levels: STRICT
tοtal = 1
total = 2
{"escaped": tοtal != total, "proof": "both"}
