# title: Divides by zero
# kind: misuse
# expect: EXECUTION_ERROR
# error: ZeroDivisionError
# timeout: 2
def average(values):
    return sum(values) / len(values)


average([])
