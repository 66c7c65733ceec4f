# what: forty handlers, each ready to go on
# expect: TIMEOUT
src = ""
for i in range(15):
    src += "    " * i + "try:\n"
src += "    " * 15 + "while True: pass\n"
for i in reversed(range(15)):
    src += "    " * i + "except BaseException:\n" + "    " * (i + 1) + "while True: pass\n"
exec(src)
