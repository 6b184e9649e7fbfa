"""The back-test: what would a version of the scoring model have been worth, had it been used then?

Pure: `statistics`, `suggest`, `sums`, `split`. What is read: `outcomes`, `gather`. What is made of it: `fitting`,
`report`. Verbs: `lifecycle` (what a person does), `work` and `run` (what a worker does). What the numbers mean:
docs/understand/scoring-reference.md, "Back-test".
"""
