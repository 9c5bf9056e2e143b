"""Small systems of linear equations, by elimination with partial pivoting."""

from collections.abc import Sequence


class SingularError(ArithmeticError):
    """The equations do not determine the unknowns."""


def solve(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """The x of matrix · x = right.

    >>> solve([[2.0, 1.0], [1.0, 3.0]], [3.0, 5.0])
    [0.8, 1.4]
    """
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda place: abs(rows[place][column]))
        if abs(rows[pivot][column]) < 1e-12:
            raise SingularError(f"column {column} has no pivot")
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head = rows[column]
        for row in rows[column + 1 :]:
            factor = row[column] / head[column]
            if factor:
                for place in range(column, size + 1):
                    row[place] -= factor * head[place]
    found = [0.0] * size
    for column in reversed(range(size)):
        row = rows[column]
        known = sum(row[k] * found[k] for k in range(column + 1, size))
        found[column] = (row[size] - known) / row[column]
    return found
