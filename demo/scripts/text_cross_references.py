# title: PageRank over the topics that name each other
# kind: user
# data: raw = topics_json
import json

records = json.loads(raw)
links = {record["name"]: record["mentions"] for record in records}
rank = dict.fromkeys(links, 1 / len(links))
for turn in range(60):
    loose = sum(rank[name] for name, out in links.items() if not out)
    fresh = dict.fromkeys(links, 0.15 / len(links) + 0.85 * loose / len(links))
    for name, out in links.items():
        for other in out:
            fresh[other] += 0.85 * rank[name] / len(out)
    change = sum(abs(fresh[name] - rank[name]) for name in links)
    rank = fresh
    if change < 1e-12:
        break
top = sorted(rank.items(), key=lambda item: (-item[1], item[0]))[:10]
for name, value in top:
    print(f"{name:20} {value:.6f}")
{"turns": turn, "sum": round(sum(rank.values()), 9), "top": [(n, round(v, 9)) for n, v in top]}
