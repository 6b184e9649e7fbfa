"""What publishing a draft would do on a closed day, before anything is published.

Each module uses those before it only: `swap` (who is scored by which version), `base` (what the day says whatever the
points), `packing` and `prepare` (bases kept), `judged` (bands and risk on both sides), `comparison` (who changes),
`ask` (the question), `reasons` (why). What it lists is exactly what publishing and scoring that day again gives.
"""
