"""Two samples to look at: a real gift wholesaler's invoices, and a made-up software company's customers.

What they are, where they come from and how to check them: docs/develop/samples.md. `manage.py load_sample`
loads them.
"""
