"""What stands before Django: events are taken by a callable of their own, pages are answered behind it, by threads."""
