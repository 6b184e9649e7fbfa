"""What the API can refuse besides what DRF knows. `code` is for programs."""

from rest_framework.exceptions import APIException


class Conflict(APIException):
    status_code = 409
    default_code = "conflict"


class Merged(APIException):
    """Where somebody asked for is part of another one now, whose id the answer names."""

    status_code = 404
    default_code = "merged"

    def __init__(self, detail: str, into: int) -> None:
        super().__init__(detail)
        self.faults = [{"field": "id", "code": "merged_into", "message": str(into)}]


class KeyReused(APIException):
    status_code = 422
    default_code = "idempotency_key_reused"


class TooLarge(APIException):
    status_code = 413
    default_code = "too_large"


class TryAgain(APIException):
    status_code = 503
    default_code = "try_again"
    wait = 5  # seconds
