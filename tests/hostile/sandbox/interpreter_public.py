# what: makes another interpreter with the public module
# python: >=3.14
import concurrent.interpreters

{"escaped": concurrent.interpreters.create().id > 0, "proof": "id"}
