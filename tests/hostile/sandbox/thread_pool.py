# what: makes a pool of threads
import concurrent.futures

with concurrent.futures.ThreadPoolExecutor(1) as pool:
    value = pool.submit(divmod, 7, 2).result()
{"escaped": value == (3, 1), "proof": "ran"}
