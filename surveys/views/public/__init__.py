"""The pages at which contacts answer: no sign-in, no cookies; the link is the only credential."""
