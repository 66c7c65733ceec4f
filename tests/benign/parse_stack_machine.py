# what: a stack machine
# strict: yes
def run(program, *inputs):
    stack, out = list(inputs), []
    ops = {"add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b}
    for word in program.split():
        if word in ops:
            b, a = stack.pop(), stack.pop()
            stack.append(ops[word](a, b))
        elif word == "dup":
            stack.append(stack[-1])
        elif word == "print":
            out.append(stack.pop())
        else:
            stack.append(int(word))
    return out


run("dup mul print 2 3 add 4 mul dup print print", 7)
