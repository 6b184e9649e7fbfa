from records.models.contract import Contract

__all__ = ["Contract"]
