"""The door for events: /v1/ before Django, so that a request costs a share of one transaction and little else."""
