"""Records of customers from files: each is found again by its id, else by what names it."""
