# what: prints without end and catches whatever comes of it
while True:
    try:
        print("again")
    except BaseException:
        pass
