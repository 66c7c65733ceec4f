# title: A bill split so that no cent is lost
# kind: user
from decimal import Decimal
from fractions import Fraction


def split(total, weights):
    """The largest remainder method, in cents."""
    cents, whole = int(total * 100), sum(weights.values())
    exact = {who: Fraction(cents * weight, whole) for who, weight in weights.items()}
    share = {who: int(value) for who, value in exact.items()}
    left = cents - sum(share.values())
    for who in sorted(exact, key=lambda who: (share[who] - exact[who], who))[:left]:
        share[who] += 1
    return {who: Decimal(value) / 100 for who, value in share.items()}


results = []
for total, weights in [
    ("100.00", {"ann": 1, "ben": 1, "cem": 1}),
    ("86.27", {"ann": 2, "ben": 3, "cem": 5, "dee": 7}),
    ("0.05", {"ann": 1, "ben": 1, "cem": 1, "dee": 1, "eli": 1, "fay": 1}),
]:
    shares = split(Decimal(total), weights)
    assert sum(shares.values()) == Decimal(total)
    print(total, "=", " + ".join(str(share) for share in shares.values()))
    results.append(shares)
results
