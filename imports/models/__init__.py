from imports.models.import_ import Import, State
from imports.models.parts import FilePart, ImportedCustomer, StagedRow

__all__ = ["FilePart", "Import", "ImportedCustomer", "StagedRow", "State"]
