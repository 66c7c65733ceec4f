# title: A confidence interval by bootstrap
# kind: tenant
import random
import statistics

dice = random.Random(11)
before = [round(dice.gauss(212, 30), 1) for _ in range(60)]
after = [round(dice.gauss(196, 28), 1) for _ in range(60)]


def difference(a, b):
    return statistics.fmean(a) - statistics.fmean(b)


draws = sorted(
    difference(dice.choices(before, k=len(before)), dice.choices(after, k=len(after))) for _ in range(800)
)
low, high = draws[20], draws[-21]
verdict = "faster" if low > 0 else "not proven"
normal = statistics.NormalDist.from_samples(before)
print(f"saved {difference(before, after):.2f} ms [{low:.2f}, {high:.2f}]: {verdict}")
return verdict, (round(low, 9), round(high, 9)), round(normal.cdf(250), 9)
