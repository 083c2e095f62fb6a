"""Prints 24 points of the unscrambled Sobol sequence as SciPy 1.17.1 computes them, a line each:
the index, then the coordinates as multiples of 2^-30.

    python points.py > points.txt

SciPy goes through the points in the order of the Gray code; here they are put back.
"""

from scipy.stats import qmc

points = qmc.Sobol(160, scramble=False, bits=30).random(1024)
for index in [0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256, 511, 512, 1000, 1023]:
    gray = index
    for shift in (1, 2, 4, 8):
        gray ^= gray >> shift  # the place of this index in the Gray code
    print(index, *(int(x * 2**30) for x in points[gray]))
