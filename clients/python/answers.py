"""What an answer must be for the program to go on."""

from typing import Any, TypeVar

from contacts_client.models import Problem, ProblemCode
from contacts_client.types import Response

T = TypeVar("T")


def answer(response: Response[Any], status: int, kind: type[T]) -> T:
    """What was asked for."""
    assert response.status_code == status and isinstance(response.parsed, kind), _unexpected(response, status)
    return response.parsed


def done(response: Response[Any]) -> None:
    """An answer without a body."""
    assert response.status_code == 204, _unexpected(response, 204)


def refused(response: Response[Any], code: ProblemCode) -> None:
    """A refusal (RFC 9457) with this code, which is what a program looks at."""
    problem = response.parsed
    assert isinstance(problem, Problem) and problem.code == code, _unexpected(response, code)


def _unexpected(response: Response[Any], expected: object) -> str:
    return f"expected {expected}, got {response.status_code}: {response.content!r}"
