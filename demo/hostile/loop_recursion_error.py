# title: Recursion that answers its own error with recursion
# kind: loop
# expect: TIMEOUT
# timeout: 0.25
def deeper():
    try:
        deeper()
    except RecursionError:
        deeper()
    finally:
        deeper()


deeper()
