# what: coins
# strict: yes
def change(amount, coins):
    ways = [1] + [0] * amount
    for c in coins:
        for a in range(c, amount + 1):
            ways[a] += ways[a - c]
    return ways[amount]


(change(100, [1, 5, 10, 25, 50]), change(3, [2]))
