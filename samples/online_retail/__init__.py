"""Online Retail: a year of a UK gift wholesaler (2010-12-01 to 2011-12-09), one row per invoice.

Source: Chen, D. (2015). Online Retail [data set]. UCI Machine Learning Repository.
https://doi.org/10.24432/C5BW33. Licence: CC BY 4.0. We changed it: lines were added up by invoice (`derive`).
"""
