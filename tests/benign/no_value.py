# what: a program without a value
# strict: yes
total = 0
for i in range(10):
    total += i
print("total is", total)
x = total
