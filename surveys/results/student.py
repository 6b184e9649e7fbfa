"""Student's distribution, as far as intervals need it."""

from math import cos, exp, pi, sin, sqrt

HALF_PI = pi / 2


def quantile(freedom: int) -> float:
    """Return t so that 95 per cent of Student's distribution lie within ±t. `freedom` is 1 or more.

    Source: Hill, G. W. (1970), Algorithm 396: Student's t-quantiles, Communications of the ACM 13(10).
    """
    tails = 0.05
    if freedom == 1:
        return cos(tails * HALF_PI) / sin(tails * HALF_PI)
    if freedom == 2:
        return sqrt(2 / (tails * (2 - tails)) - 2)
    a = 1 / (freedom - 0.5)
    b = 48 / a**2
    c = ((20_700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * sqrt(a * HALF_PI) * freedom
    y = (d * tails) ** (2 / freedom)
    if y > 0.05 + a:
        return _near_normal(freedom, a, b, c, d)
    y = (
        (1 / (((freedom + 6) / (freedom * y) - 0.089 * d - 0.822) * (freedom + 2) * 3) + 0.5 / (freedom + 4)) * y - 1
    ) * (freedom + 1) / (freedom + 2) + 1 / y
    return sqrt(freedom * y)


def _near_normal(freedom: int, a: float, b: float, c: float, d: float) -> float:
    x = -1.959963984540054  # the normal distribution's
    y = x * x
    if freedom < 5:
        c += 0.3 * (freedom - 4.5) * (x + 0.6)
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    y = a * y * y
    return sqrt(freedom * (exp(y) - 1 if y > 0.002 else 0.5 * y * y + y))
