# what: has a text that reads backwards
# levels: STRICT
role = "user‮ ⁦# the root⁩ ⁦"
{"escaped": role != "user", "proof": "ran"}
