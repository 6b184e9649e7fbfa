"""Events of records: a pure function of the record and the day. What differs from what was told is told again."""
