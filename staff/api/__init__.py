"""Who works here, as the filters and forms of other pages name them; and who is asking."""
