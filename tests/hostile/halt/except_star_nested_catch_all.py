# what: BaseExceptionGroup caught on every level
# expect: TIMEOUT
while True:
    try:
        try:
            raise BaseExceptionGroup("g", [SystemExit(), KeyboardInterrupt(), GeneratorExit()])
        except* SystemExit:
            raise
        except* KeyboardInterrupt:
            while True:
                pass
    except BaseException:
        pass
