"""The restore drill: a backup nobody has restored is a hope. Everything is made from nothing, and removed again."""
