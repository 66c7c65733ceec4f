# what: except* catches the group and goes on
# expect: TIMEOUT
while True:
    try:
        raise ExceptionGroup("g", [ValueError(), ExceptionGroup("h", [KeyError()])])
    except* ValueError:
        pass
    except* KeyError:
        pass
