# what: complex numbers
# strict: yes
import cmath

roots = [(-b + s * cmath.sqrt(b * b - 4 * a * c)) / (2 * a) for a, b, c in [(1, 2, 5)] for s in (1, -1)]
[(r.real, r.imag, round(abs(r), 6), round(cmath.phase(r), 6)) for r in roots] + [complex(1, 2).conjugate().imag]
