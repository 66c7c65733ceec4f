# what: has a comment that reads backwards
# levels: STRICT
allowed = True
if not allowed:  # ‮ ⁦ only for the honest ⁩ ⁦
    allowed = False
{"escaped": allowed, "proof": "ran"}
