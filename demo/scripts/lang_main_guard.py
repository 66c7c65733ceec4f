# title: FizzBuzz as models write it, with a main() and a guard
# kind: llm
def fizzbuzz(n: int) -> str:
    """Return the FizzBuzz word for ``n``."""
    return "Fizz" * (n % 3 == 0) + "Buzz" * (n % 5 == 0) or str(n)


def main() -> None:
    """Print the first twenty words."""
    for i in range(1, 21):
        print(fizzbuzz(i))


if __name__ == "__main__":
    main()
