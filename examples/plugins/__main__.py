"""Thirty orders through the plugins of the folder `available`, half of which misbehave."""

from __future__ import annotations

from pathlib import Path

from .host import Host

CUSTOMERS = ("ann", "bob", "cem")


def main() -> None:
    with Host() as host:
        host.load_all((Path(__file__).parent / "available").glob("*.py"))
        total = sum(
            host.price(
                {"number": number, "customer": CUSTOMERS[number % 3], "price": 10.0 * (number % 5 + 1)}
            )
            for number in range(30)
        )
        print(f"30 orders: {total:.2f}")
        for plugin in host.plugins.values():
            print(
                f"{plugin.name:10} {'disabled' if plugin.disabled else 'enabled':9} {plugin.calls:2} calls,"
                f" said {plugin.said[-1:]}"
            )
            for failure in dict.fromkeys(plugin.failures):
                print(f"    {failure.partition(':')[0]} ({plugin.failures.count(failure)})")


if __name__ == "__main__":
    main()
