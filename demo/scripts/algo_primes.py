# title: Sieve, factorisation and Goldbach's pairs
# kind: user
import math

LIMIT = 30_000
sieve = bytearray([1]) * (LIMIT + 1)
sieve[:2] = b"\0\0"
for n in range(2, math.isqrt(LIMIT) + 1):
    if sieve[n]:
        sieve[n * n :: n] = bytes(len(range(n * n, LIMIT + 1, n)))
primes = [n for n in range(LIMIT + 1) if sieve[n]]


def factors(n):
    out = []
    for p in primes:
        if p * p > n:
            break
        while n % p == 0:
            out.append(p)
            n //= p
    return out + [n] * (n > 1)


pairs = {n: next(p for p in primes if sieve[n - p]) for n in range(4, 3000, 2)}
hardest = max(pairs, key=lambda n: (pairs[n], n))
twins = sum(1 for p in primes if p + 2 <= LIMIT and sieve[p + 2])
print(len(primes), "primes,", twins, "twins; hardest for Goldbach:", hardest, "=", pairs[hardest], "+ ...")
{"factors": {n: factors(n) for n in (360, 29_929, 2**31 - 2, 600_851_475_143)}, "primes": len(primes)}
