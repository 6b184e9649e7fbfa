"""The pages of customers: what shows. Each module is one subject."""
