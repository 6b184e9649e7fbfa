"""Records of customers from files: each is matched by its id, else by the fields that identify it."""
