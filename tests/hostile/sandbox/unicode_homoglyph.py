# what: has two names that look alike
# levels: STRICT
access = False
аccess = True
{"escaped": access is False and аccess is True, "proof": "both"}
