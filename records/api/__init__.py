"""Contracts, invoices, tickets and notes of a customer, for programs."""
