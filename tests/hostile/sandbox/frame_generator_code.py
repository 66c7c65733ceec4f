# what: takes the code of a library's generator
import tokenize

{"escaped": bool(tokenize.generate_tokens(iter([]).__next__).gi_code.co_names), "proof": "co_names"}
