"""Owner, stage and tags changed in the row of the list: a part of the row where a script runs, else a page."""
from django.http import HttpResponse

def in_row(request, pk: int, field: str):
    return HttpResponse("")
