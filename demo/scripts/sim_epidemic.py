# title: An epidemic in steps, with and without a lockdown
# kind: llm
def simulate(beta, gamma, days, lockdown=None):
    s, i, r = 9_999.0, 1.0, 0.0
    rows = []
    for day in range(days):
        factor = 0.35 if lockdown and day >= lockdown else 1.0
        new = beta * factor * s * i / 10_000
        s, i, r = s - new, i + new - gamma * i, r + gamma * i
        rows.append((day, s, i, r))
    return rows


answer = {}
for name, lockdown in (("free", None), ("day 20", 20), ("day 35", 35)):
    rows = simulate(0.4, 0.1, 160, lockdown)
    peak = max(rows, key=lambda row: row[2])
    answer[name] = (peak[0], round(peak[2], 6), round(rows[-1][3], 6))
    bar = "".join(" .:-=+*#%@"[min(9, int(row[2] / 450))] for row in rows[::4])
    print(f"{name:7}|{bar}| peak on day {peak[0]}")
answer
