"""The versions that `verify` meets, each read once."""

from scoring.model_versions import versions
from scoring.models import ScoringModel
from scoring.vectorised import BatchEngine


class Engines:
    def __init__(self) -> None:
        self._by_version: dict[int, BatchEngine] = {}

    def load(self, version: int) -> BatchEngine:
        if version not in self._by_version:
            self._by_version[version] = BatchEngine(versions.load(ScoringModel.objects.get(pk=version)))
        return self._by_version[version]
