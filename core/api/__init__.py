"""What every address under /api/ shares: who asks, how often, in which shape answers and errors come.

The addresses themselves are in each app's `api` package; `engagement_site.api.urls` lists them.
"""
