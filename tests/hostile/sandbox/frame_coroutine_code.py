# what: takes the code of a coroutine
async def coroutine(secret):
    return secret


c = coroutine(1)
names = c.cr_code.co_varnames
c.close()
{"escaped": names == ("secret",), "proof": "co_varnames"}
