"""What names are: of people and things, ids, e-mail addresses, time zones. Pure: no database, no Django."""
