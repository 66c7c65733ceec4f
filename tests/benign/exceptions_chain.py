# what: chained exceptions and finally
# strict: yes
def parse(text):
    try:
        return int(text)
    except ValueError as e:
        raise RuntimeError(f"cannot parse {text!r}") from e
    finally:
        print("tried", text)


try:
    parse("12x")
except RuntimeError as e:
    found = (str(e), type(e.__cause__).__name__, str(e.__cause__))
(parse("12"), found)
