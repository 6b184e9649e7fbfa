from imports.models.import_ import Import, State
from imports.models.parts import FilePart, ImportedCustomer, StagedRow, SurveyedIds

__all__ = ["FilePart", "Import", "ImportedCustomer", "StagedRow", "State", "SurveyedIds"]
