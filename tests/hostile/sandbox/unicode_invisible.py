# what: has a text with an invisible character
# levels: STRICT
role = "ad​min"
{"escaped": role != "admin", "proof": "ran"}
