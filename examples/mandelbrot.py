"""The Mandelbrot set as a grey picture: a PGM file to the standard output."""

import concurrent.futures
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial

WIDTH, HEIGHT, TURNS = 180, 120, 80


def shade(point: complex) -> int:
    value = 0j
    for turn in range(TURNS):
        if abs(value) > 2:
            return 255 * turn // TURNS
        value = value * value + point
    return 0


def line(row: int, width: int, height: int) -> bytes:
    imaginary = 2.4 * row / height - 1.2
    return bytes(shade(complex(3.2 * column / width - 2.2, imaginary)) for column in range(width))


def main() -> None:
    rows = {}
    with ProcessPoolExecutor(max_workers=2) as executor:
        draw = partial(line, width=WIDTH, height=HEIGHT)
        futures = {executor.submit(draw, row): row for row in range(HEIGHT)}
        for future in concurrent.futures.as_completed(futures):
            rows[futures[future]] = future.result()
    picture = b"".join(rows[row] for row in range(HEIGHT))
    sys.stdout.buffer.write(b"P5 %d %d 255\n" % (WIDTH, HEIGHT) + picture)


if __name__ == "__main__":
    main()
