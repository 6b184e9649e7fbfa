"""The customers of a made-up company that sells planning software to other companies.

Pure, but for what loads it (`load`, `rows`, `staff`): numbers in, messages out; no Django, no clock. Every
customer is drawn from (seed, its number) alone, so the first 400 are the same whether 400 or 5,000 are asked
for. docs/develop/samples.md says how they behave, and with which weights they leave.
"""
