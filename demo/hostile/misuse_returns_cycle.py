# title: Returns a list that holds itself
# kind: misuse
# expect: RESULT_NOT_SERIALIZABLE
# timeout: 2
snake = [1, 2]
snake.append({"tail": snake})
snake
