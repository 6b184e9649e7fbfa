"""The factors of health, one file each, by the name of the file.

To add one, write a file here (DEFINITION), its twin of the same name in `scoring.vectorised.factors` and its label in
`scoring.models.factor_kind`; tests/scoring/test_factor_files.py says what is missing.
"""

import pkgutil
from importlib import import_module

from scoring.engine.factor_definition import FactorDefinition
from scoring.engine.shapes import Factor

DEFINITIONS: dict[str, FactorDefinition] = {
    module.name: import_module(f"{__name__}.{module.name}").DEFINITION
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name)
}


def log_name(factor: Factor) -> str | None:
    """Return under which name the log has the factor's input; None when it comes from counts alone."""
    return DEFINITIONS[factor.kind].log_name(factor)
