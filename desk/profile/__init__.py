"""The customer's page, and the forms that change what stands on it. What it shows comes from every app."""
