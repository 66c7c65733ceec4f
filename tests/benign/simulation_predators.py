# what: two populations
# strict: yes
prey, predators = 40.0, 9.0
rows = []
for step in range(50):
    prey, predators = prey + 0.1 * prey - 0.02 * prey * predators, predators + 0.01 * prey * predators - 0.1 * predators
    if step % 10 == 0:
        rows.append((round(prey, 3), round(predators, 3)))
rows
