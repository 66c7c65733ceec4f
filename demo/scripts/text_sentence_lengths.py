# title: Lengths of sentences, with a histogram
# kind: user
# data: text = topic:objects
import re
import statistics

plain = re.sub(r"\s+", " ", text)
lengths = [len(s.split()) for s in re.split(r"(?<=[.!?])\s+", plain) if s]
bins = {}
for n in lengths:
    bins[n // 5 * 5] = bins.get(n // 5 * 5, 0) + 1
for low in sorted(bins):
    print(f"{low:3}-{low + 4:3} {'=' * bins[low]}")
{
    "sentences": len(lengths),
    "mean": round(statistics.fmean(lengths), 6),
    "stdev": round(statistics.pstdev(lengths), 6),
    "quartiles": statistics.quantiles(lengths, n=4),
}
