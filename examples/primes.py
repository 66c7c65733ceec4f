"""Which of some large numbers are prime, as in the library's own example of a ProcessPoolExecutor, and a search."""

import math
from concurrent.futures import ProcessPoolExecutor

NUMBERS = [
    1_000_000_000_039,
    1_000_000_000_041,
    1_000_000_000_061,
    1_000_000_000_063,
    999_999_999_989,
    999_983 * 1_000_003,
]


def is_prime(number: int) -> bool:
    if number < 2:
        return False
    if number % 2 == 0:
        return number == 2
    return all(number % divisor for divisor in range(3, math.isqrt(number) + 1, 2))


def primes_between(first: int, last: int) -> list[int]:
    return [number for number in range(first, last) if is_prime(number)]


def main() -> None:
    with ProcessPoolExecutor(max_workers=2) as executor:
        for number, prime in zip(NUMBERS, executor.map(is_prime, NUMBERS), strict=True):
            print(f"{number} is {'prime' if prime else 'not prime'}")

        edges = range(0, 50_001, 5_000)
        found = [prime for part in executor.map(primes_between, edges, edges[1:]) for prime in part]
        print(f"{len(found)} primes below {edges[-1]}, the last of them {found[-1]}")

        numbers = range(1_000)
        flags = executor.map(is_prime, numbers, chunksize=100)
        print(
            sum(number for number, prime in zip(numbers, flags, strict=True) if prime),
            "is the sum of those below 1000",
        )


if __name__ == "__main__":
    main()
