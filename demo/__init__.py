"""The demonstration: a hundred scripts over real data, mixed with hostile ones, on two workers.

Run it with ``make demo`` or ``python -m demo``; ``python -m demo --list`` names the scripts.

Data flow::

    scripts/*.py, hostile/*.py --catalog--> Script --runner--> Enclave.submit --> RunResult --judge--> Outcome
    topics, module sources ----corpus---> globals, tools                            ^                      |
    the same scripts in plain CPython ------reference------> expected value, stdout +       report <-------+
"""
