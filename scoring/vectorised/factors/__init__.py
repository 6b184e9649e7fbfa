"""The factors of health on columns: each file is the twin of the file of that name in `scoring.engine.factors`."""

import pkgutil
from importlib import import_module

from scoring.vectorised.factor_columns import FactorColumns

COLUMNS: dict[str, FactorColumns] = {
    module.name: import_module(f"{__name__}.{module.name}").COLUMNS
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name)
}
