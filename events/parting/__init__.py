"""Parting people who were taken for one because they shared an id: counted, shown, and carried out by workers."""
