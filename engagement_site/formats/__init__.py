"""How Django itself, in the administration, says and takes days; the pages do it in core/templatetags/show.py."""
