# title: Token bucket and sliding window, compared on one trace
# kind: tenant
import random
from collections import deque


class TokenBucket:
    def __init__(self, rate, burst):
        self.rate, self.burst, self.tokens, self.at = rate, burst, float(burst), 0.0

    def allow(self, now):
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens >= 1:
            self.tokens -= 1
            return True
        return False


class Window:
    def __init__(self, limit, span):
        self.limit, self.span, self.hits = limit, span, deque()

    def allow(self, now):
        while self.hits and self.hits[0] <= now - self.span:
            self.hits.popleft()
        if len(self.hits) < self.limit:
            self.hits.append(now)
            return True
        return False


dice = random.Random("trace")
now, trace = 0.0, []
for n in range(4000):
    now += dice.expovariate(30 if n // 500 % 2 else 6)
    trace.append(now)
results = {}
for name, limiter in (("bucket", TokenBucket(10, 20)), ("window", Window(10, 1.0))):
    results[name] = sum(limiter.allow(at) for at in trace)
    print(f"{name}: {results[name]} of {len(trace)} in {now:.1f} s")
results, round(now, 6)
