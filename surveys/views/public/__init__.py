"""The pages at which people answer: no sign-in, no cookies; whoever has the link may use it."""
