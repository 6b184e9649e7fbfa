"""Everything Rapport needs, under one process in the foreground (`manage.py run`)."""
