# what: functions of math
# strict: yes
import math

print(math.gcd(48, 180), math.lcm(4, 6), math.comb(10, 3), math.perm(5, 2), math.isqrt(99), math.factorial(20))
print(f"{math.hypot(3, 4):.3f} {math.degrees(math.pi):.1f} {math.log2(1024)} {math.fsum([0.1] * 10)}")
(math.floor(-1.5), math.ceil(-1.5), math.trunc(-1.5), math.isclose(0.1 + 0.2, 0.3), math.inf > 1, math.prod(range(1, 6)))
