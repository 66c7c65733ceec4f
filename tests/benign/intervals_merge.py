# what: intervals that overlap
# strict: yes
def merge(spans):
    out = []
    for a, b in sorted(spans):
        if out and a <= out[-1][1]:
            out[-1][1] = max(out[-1][1], b)
        else:
            out.append([a, b])
    return out


merge([(8, 10), (1, 3), (2, 6), (15, 18), (17, 20)])
