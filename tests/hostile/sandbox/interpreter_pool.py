# what: makes a pool of interpreters
# python: >=3.14
import concurrent.futures

with concurrent.futures.InterpreterPoolExecutor(1) as pool:
    value = pool.submit(divmod, 7, 2).result()
{"escaped": value == (3, 1), "proof": "value"}
