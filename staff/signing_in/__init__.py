"""Signing in, passwords, invitations: django-allauth's account part, with delays of our own (decision 30)."""
