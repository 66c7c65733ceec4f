# title: A script that is no Python
# kind: misuse
# expect: VALIDATION_ERROR|EXECUTION_ERROR
# timeout: 2
total = (1 + 2
print(total
